#include "trust/evidence/event.h"

#include <array>

namespace trust::evidence {
namespace {

struct Known {
  std::string_view name, code, vi, en;
};

constexpr std::array<Known, kEvents> kKnown = {{
    {"SubmissionAcceptance", "A.1", "Trục đã nhận văn bản của bên gửi và đã ghi chắc",
     "the exchange has accepted the document and keeps it"},
    {"SubmissionRejection", "A.2", "Trục không nhận văn bản", "the exchange has not accepted it"},
    {"RelayAcceptance", "B.1", "Trục khác đã nhận chuyển tiếp", "another exchange has taken it"},
    {"RelayRejection", "B.2", "Trục khác từ chối nhận", "another exchange has refused it"},
    {"RelayFailure", "B.3", "Không chuyển tiếp được sang trục khác",
     "it could not be handed to another exchange"},
    {"NotificationForAcceptance", "C.1", "Đã báo bên nhận có văn bản chờ",
     "the recipient was told that something waits"},
    {"NotificationForAcceptanceFailure", "C.2", "Không báo được cho bên nhận",
     "the recipient could not be told"},
    {"ConsignmentAcceptance", "C.3", "Bên nhận đã tiếp nhận", "the recipient has accepted it"},
    {"ConsignmentRejection", "C.4", "Bên nhận từ chối tiếp nhận", "the recipient has refused it"},
    {"AcceptanceRejectionExpiry", "C.5", "Bên nhận không trả lời đúng hạn",
     "the recipient neither accepted nor refused it in time"},
    {"ContentConsignment", "D.1", "Văn bản đã sẵn sàng cho bên nhận",
     "it is ready for the recipient"},
    {"ContentConsignmentFailure", "D.2", "Không đưa được văn bản đến bên nhận",
     "it could not be made ready for the recipient"},
    {"ConsignmentNotification", "D.3", "Đã báo bên nhận văn bản sẵn sàng",
     "the recipient was told that it is ready"},
    {"ConsignmentNotificationFailure", "D.4", "Không báo được bên nhận văn bản sẵn sàng",
     "the recipient could not be told that it is ready"},
    {"ContentHandover", "E.1", "Hệ thống bên nhận đã lấy văn bản",
     "the recipient's system has fetched it"},
    {"ContentHandoverFailure", "E.2", "Hệ thống bên nhận không lấy được văn bản",
     "the recipient's system could not take it"},
    {"RelayToNonERDS", "F.1", "Đã chuyển sang hệ thống không cấp bằng chứng",
     "it was passed on to a system that gives no evidence"},
    {"RelayToNonERDSFailure", "F.2", "Không chuyển được sang hệ thống không cấp bằng chứng",
     "it could not be passed on to a system that gives no evidence"},
    {"ReceivedFromNonERDS", "F.3", "Đến từ hệ thống không cấp bằng chứng",
     "it came from a system that gives no evidence"},
    {"Recalled", "", "Bên gửi đã lấy lại văn bản", "its sender has taken it back"},
    {"RecallRefused", "", "Bên nhận không trả lại văn bản", "the recipient has kept it"},
    {"Expiry", "", "Hết hạn trước khi bên nhận lấy", "its time ran out before it was fetched"},
}};

const Known& known(Event event) { return kKnown[static_cast<std::size_t>(event)]; }

}  // namespace

std::string_view name_of(Event event) { return known(event).name; }
std::string_view code_of(Event event) { return known(event).code; }
base::Text text_of(Event event) {
  return {std::string(known(event).vi), std::string(known(event).en)};
}

std::optional<Event> event_of(std::string_view name) {
  for (std::size_t i = 0; i < kKnown.size(); ++i) {
    if (kKnown[i].name == name) return static_cast<Event>(i);
  }
  return std::nullopt;
}

}  // namespace trust::evidence
