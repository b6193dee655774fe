#include <array>

#include "exchange/evidences.h"

namespace exchange::evidences {
namespace {

struct Known {
  std::string_view reason, vi, en;
};
constexpr std::array<Known, 2> kKnown = {{
    {"exchange.not_fetched_in_time", "Hệ thống bên nhận chưa lấy văn bản khi hết thời hạn",
     "the recipient's system had not fetched the document when its time ran out"},
    {"exchange.not_answered_in_time", "Bên nhận chưa tiếp nhận cũng chưa từ chối khi hết thời hạn",
     "the recipient had neither accepted nor refused it when its time ran out"},
}};

}  // namespace

base::Text text_of_reason(std::string_view reason) {
  for (const Known& known : kKnown) {
    if (known.reason == reason) return {std::string(known.vi), std::string(known.en)};
  }
  return {std::string(reason), std::string(reason)};
}

}  // namespace exchange::evidences
