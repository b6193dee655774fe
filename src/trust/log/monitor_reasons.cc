#include "trust/log/monitor.h"

namespace trust::log {
namespace {

struct Known {
  std::string_view reason, vi, en;
};

constexpr Known kKnown[] = {
    {"trust.log_rolled_back",
     "Nhật ký ngắn hơn trước: đã mất mục, hoặc đọc phải bản sao cũ; hãy hỏi đơn vị vận hành",
     "the log is shorter than it was: entries were lost, or this is an old copy; ask its operator"},
    {"trust.log_unwitnessed",
     "Chưa đủ nhân chứng ký gần đây: nhân chứng vắng, hoặc không đồng ý; hãy hỏi họ",
     "not enough witnesses have cosigned lately: they are away, or disagree; ask them"},
    {"trust.log_fork",
     "Nhật ký có hai lịch sử: giữ cả hai đầu nhật ký đã ký và báo cho các bên tham gia",
     "the log has two histories: keep both signed heads and tell everybody who relies on it"},
    {"trust.log_entry_altered", "Một mục không phải mục đã được ký: tệp bị hỏng hoặc bị sửa",
     "an entry is not the one that was signed: its file is damaged or was altered"},
    {"trust.log_entry_dropped", "Thiếu một mục đã được ký: tệp bị hỏng hoặc bị cắt",
     "an entry that was signed is missing: its file is damaged or was cut"},
    {"trust.log_entries_reordered", "Các mục đã đổi chỗ so với thứ tự đã ký",
     "entries are not in the order that was signed"},
};

}  // namespace

base::Text explain(std::string_view reason) {
  for (const Known& known : kKnown) {
    if (known.reason == reason) return {std::string(known.vi), std::string(known.en)};
  }
  return {};
}

}  // namespace trust::log
