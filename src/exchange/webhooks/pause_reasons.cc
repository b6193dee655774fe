#include <algorithm>
#include <iterator>

#include "exchange/webhooks/subscriptions.h"

namespace exchange::webhooks {
namespace {

struct Reason {
  std::string_view reason, vi, en;
};
constexpr Reason kReasons[] = {
    {"exchange.webhook_paused", "Webhook được tạm dừng theo yêu cầu",
     "the webhook was paused by hand"},
    {"exchange.webhook_gone",
     "Máy chủ nhận trả lời 410: không nhận nữa; hãy bỏ webhook hoặc mở lại khi đã sửa",
     "its target answered 410: it takes no more; remove the webhook, or resume it when that is "
     "mended"},
    {"exchange.webhook_given_up",
     "Không báo được trong ba ngày; hãy sửa máy chủ nhận rồi mở lại, sự kiện được báo tiếp từ chỗ "
     "dừng",
     "it could not be told for three days; mend its target and resume it: events go on from where "
     "it stood"},
};

}  // namespace

base::Text text_of_pause(std::string_view why) {
  if (why == "exchange.cursor_expired") {
    return {
        "Các sự kiện chưa báo đã hết thời gian lưu; hãy đối chiếu rồi báo lại từ beginning",
        "events that it was not told of are no longer kept; compare, and replay from beginning"};
  }
  const auto* const found = std::find_if(std::begin(kReasons), std::end(kReasons),
                                         [why](const Reason& one) { return one.reason == why; });
  if (found == std::end(kReasons)) return {};
  return {std::string(found->vi), std::string(found->en)};
}

}  // namespace exchange::webhooks
