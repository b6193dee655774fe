#include "edxml/rules.h"

#include <array>

#include "base/check.h"
#include "base/text.h"

namespace edxml {
namespace {

constexpr auto kError = Finding::Severity::error;
constexpr auto kWarning = Finding::Severity::warning;
constexpr std::size_t kShown = 200;  // bytes of a stranger's value that a message repeats

constexpr auto kRules = std::to_array<Rule>({
    {"edxml.from_missing", kError, "Không có mã cơ quan gửi.", "The sender's code is missing.",
     "Ghi mã định danh của cơ quan gửi vào From/OrganId.",
     "Put the sending organisation's code into From/OrganId."},
    {"edxml.to_missing", kError, "Không có cơ quan nhận nào.", "No recipient is named.",
     "Ghi mã định danh của từng cơ quan nhận vào To/OrganId.",
     "Put each receiving organisation's code into To/OrganId."},
    {"edxml.identity_missing", kError,
     "Không có ký hiệu (Code/CodeNotation) và cũng không có DocumentId: không xác định được văn "
     "bản.",
     "Neither Code/CodeNotation nor DocumentId is there: the document cannot be identified.",
     "Ghi số, ký hiệu văn bản vào Code hoặc mã văn bản vào DocumentId.",
     "Give the number and notation in Code, or the identifier in DocumentId."},
    {"edxml.state_secret", kError,
     "Văn bản mang dấu chỉ độ mật \"{1}\". Bí mật nhà nước không được gửi qua trục liên thông "
     "(Quyết định 28/2018/QĐ-TTg).",
     "The document bears the secrecy mark \"{1}\". State secrets may not go through the exchange "
     "(Decision 28/2018/QD-TTg).",
     "Gửi văn bản theo quy định về bảo vệ bí mật nhà nước. Nếu văn bản không mật, bỏ dấu này.",
     "Send it the way the rules on State secrets say. If it is no secret, take the mark off."},
    {"edxml.attachment_undecodable", kError, "{1}.", "{2}.",
     "Đính kèm lại tệp từ bản gốc rồi gửi lại.",
     "Attach the file again from the original and resend."},
    {"edxml.status_code_missing", kError, "Bản tin trạng thái không có StatusCode.",
     "The status message has no StatusCode.", "Ghi mã trạng thái hai chữ số, ví dụ 03.",
     "Give the status as two digits, for example 03."},
    {"edxml.response_for_missing", kError,
     "Bản tin trạng thái không cho biết trả lời văn bản nào (ResponseFor).",
     "The status message does not say which document it is about (ResponseFor).",
     "Ghi ResponseFor với OrganId, Code, DocumentId và PromulgationDate của văn bản.",
     "Fill ResponseFor with OrganId, Code, DocumentId and PromulgationDate of the document."},
    {"edxml.organ_id_odd", kWarning,
     "Mã cơ quan \"{1}\" không đúng dạng: dài quá 35 ký tự hoặc có dấu cách, dấu phẩy.",
     "The code \"{1}\" is odd: longer than 35 characters, or with a space or comma.",
     "Kiểm tra mã định danh theo danh mục cơ quan.",
     "Check the code against the list of agencies."},
    {"edxml.organ_name_missing", kWarning, "Cơ quan \"{1}\" không có tên.",
     "The organisation \"{1}\" has no name.", "Ghi tên cơ quan vào OrganName.",
     "Give its name in OrganName."},
    {"edxml.too_long", kWarning, "Nội dung dài {1} ký tự, vượt mức {2} ký tự.",
     "The text has {1} characters, more than {2}.",
     "Rút ngắn, vì hệ thống nhận có thể cắt bớt hoặc từ chối.",
     "Shorten it: receiving systems may cut or refuse it."},
    {"edxml.to_duplicate", kWarning, "Cơ quan nhận \"{1}\" được ghi nhiều lần.",
     "The recipient \"{1}\" is named more than once.", "Mỗi cơ quan nhận chỉ ghi một lần.",
     "Name each recipient once."},
    {"edxml.document_id_missing", kWarning, "Không có DocumentId.", "DocumentId is missing.",
     "Ghi mã văn bản dạng <mã cơ quan>,<yyyy/MM/dd>,<số>/<ký hiệu>.",
     "Give it as <organisation>,<yyyy/MM/dd>,<number>/<notation>."},
    {"edxml.code_incomplete", kWarning, "Thiếu số hoặc ký hiệu văn bản.",
     "The document's number or notation is missing.", "Ghi đủ CodeNumber và CodeNotation.",
     "Fill both CodeNumber and CodeNotation."},
    {"edxml.date_missing", kWarning, "Không có ngày ban hành.", "The date of issue is missing.",
     "Ghi PromulgationDate dạng yyyy/MM/dd.", "Give PromulgationDate as yyyy/MM/dd."},
    {"edxml.date_unreadable", kWarning, "Không hiểu được ngày \"{1}\".",
     "The date \"{1}\" cannot be understood.", "Ghi ngày dạng yyyy/MM/dd.",
     "Write dates as yyyy/MM/dd."},
    {"edxml.date_form", kWarning,
     "Ngày \"{1}\" không theo dạng yyyy/MM/dd; phần mềm khác có thể đọc sai.",
     "The date \"{1}\" is not in the form yyyy/MM/dd; other software may misread it.",
     "Ghi ngày dạng yyyy/MM/dd.", "Write dates as yyyy/MM/dd."},
    {"edxml.timestamp_unreadable", kWarning, "Không hiểu được thời điểm \"{1}\".",
     "The time \"{1}\" cannot be understood.", "Ghi thời điểm dạng yyyy/MM/dd HH:mm:ss.",
     "Write times as yyyy/MM/dd HH:mm:ss."},
    {"edxml.number_unreadable", kWarning, "\"{1}\" không phải số nguyên.",
     "\"{1}\" is not a number.", "Ghi một số nguyên, hoặc bỏ phần tử này.",
     "Write a whole number, or leave the element out."},
    {"edxml.priority_unknown", kWarning, "Độ khẩn \"{1}\" không có trong bảng mã 0 đến 4.",
     "The urgency \"{1}\" is not one of 0 to 4.",
     "Dùng 0 thường, 1 khẩn, 2 thượng khẩn, 3 hỏa tốc, 4 hỏa tốc hẹn giờ.",
     "Use 0 normal, 1 urgent, 2 very urgent, 3 express, 4 timed express."},
    {"edxml.subject_missing", kWarning, "Không có trích yếu.", "The subject is missing.",
     "Ghi trích yếu nội dung vào Subject.", "Summarise the document in Subject."},
    {"edxml.steering_type_unreadable", kWarning,
     "SteeringType \"{1}\" rỗng hoặc không phải số; phần mềm của nhiều nơi nhận sẽ lỗi.",
     "SteeringType \"{1}\" is empty or no number; software of many recipients fails on it.",
     "Ghi 0, 1 hoặc 2, hoặc bỏ hẳn phần tử này.", "Write 0, 1 or 2, or leave the element out."},
    {"edxml.operation_unknown", kWarning,
     "Loại nghiệp vụ \"{1}\" không nằm trong 0 đến 3; được coi là văn bản mới.",
     "The operation \"{1}\" is not one of 0 to 3; it is taken as a new document.",
     "Dùng 0 mới, 1 thu hồi, 2 cập nhật, 3 thay thế.", "Use 0 new, 1 revoke, 2 update, 3 replace."},
    {"edxml.operation_without_reason", kWarning, "Thu hồi văn bản mà không nêu lý do.",
     "A document is revoked without a reason.", "Nêu lý do trong BussinessDocReason.",
     "Give the reason in BussinessDocReason."},
    {"edxml.revoke_without_target", kWarning, "Không cho biết thu hồi văn bản nào.",
     "It does not say which document is revoked.", "Ghi văn bản bị thu hồi vào ResponseFor.",
     "Name the revoked document in ResponseFor."},
    {"edxml.update_without_target", kWarning, "Không cho biết cập nhật văn bản nào.",
     "It does not say which document is updated.",
     "Ghi mã văn bản cũ vào Bussiness/DocumentId hoặc giữ nguyên DocumentId.",
     "Give the earlier document's id in Bussiness/DocumentId, or keep the same DocumentId."},
    {"edxml.update_without_changes", kWarning, "Không cho biết cập nhật phần nào của văn bản.",
     "It does not say what has been updated.", "Ghi BussinessDocumentInfo.",
     "Fill BussinessDocumentInfo."},
    {"edxml.replace_without_target", kWarning, "Không cho biết thay thế văn bản nào.",
     "It does not say which document is replaced.", "Ghi từng văn bản cũ vào ReplacementInfoList.",
     "Name each replaced document in ReplacementInfoList."},
    {"edxml.reference_mismatch", kWarning,
     "Danh mục edXMLManifest có {1} mục, còn AttachmentEncoded có {2} tệp.",
     "edXMLManifest lists {1} parts while AttachmentEncoded holds {2}.",
     "Mỗi tệp đính kèm cần đúng một Reference.", "Give each attachment exactly one Reference."},
    {"edxml.reference_unmatched", kWarning,
     "Tệp \"{1}\" không khớp với Reference nào theo ContentId.",
     "No Reference has the ContentId of \"{1}\".", "Dùng cùng một ContentId ở hai nơi.",
     "Use the same ContentId in both places."},
    {"edxml.attachment_name_missing", kWarning, "Tệp đính kèm thứ {1} không có tên.",
     "Attachment number {1} has no name.", "Ghi tên tệp vào AttachmentName.",
     "Give its file name in AttachmentName."},
    {"edxml.attachment_empty", kWarning, "Tệp đính kèm \"{1}\" không có nội dung.",
     "Attachment \"{1}\" has no content.", "Kiểm tra lại tệp gốc.", "Check the original file."},
    {"edxml.content_type_wrong", kWarning,
     "Tệp \"{1}\" khai kiểu \"{2}\" nhưng nội dung không phải kiểu đó.",
     "\"{1}\" is declared as \"{2}\" but its content is something else.",
     "Sửa ContentType cho đúng với nội dung.", "Make ContentType say what the content is."},
    {"edxml.status_code_unknown", kWarning, "Mã trạng thái \"{1}\" không có trong bảng mã.",
     "The status code \"{1}\" is not in the list.", "Dùng 01 đến 06, 13, 15 hoặc 16.",
     "Use 01 to 06, 13, 15 or 16."},
    {"edxml.status_reason_missing", kWarning, "Trạng thái {1} cần nêu lý do.",
     "Status {1} needs a reason.", "Nêu lý do trong Description.",
     "Give the reason in Description."},
    {"edxml.response_incomplete", kWarning,
     "ResponseFor không có DocumentId và cũng không có Code: không xác định được văn bản.",
     "ResponseFor has neither DocumentId nor Code: the document cannot be found.",
     "Ghi DocumentId như trong văn bản đã nhận.", "Copy DocumentId from the document received."},
});

std::string filled(std::string_view sentence, std::initializer_list<std::string_view> values) {
  std::string out;
  for (std::size_t i = 0; i < sentence.size(); ++i) {
    if (sentence[i] == '{' && i + 2 < sentence.size() && sentence[i + 2] == '}') {
      const auto place = static_cast<std::size_t>(sentence[i + 1] - '1');
      if (place < values.size()) {
        const std::string_view value = values.begin()[place];
        const std::string_view shown = base::cut_utf8(value, kShown);
        out += shown;
        if (shown.size() < value.size()) out += "…";
      }
      i += 2;
    } else {
      out += sentence[i];
    }
  }
  return out;
}

}  // namespace

std::span<const Rule> rules() { return kRules; }

Finding finding(std::string_view rule, std::string element,
                std::initializer_list<std::string_view> values) {
  const Rule* found = nullptr;
  for (const Rule& candidate : kRules) {
    if (candidate.rule == rule) found = &candidate;
  }
  CHECK(found != nullptr);
  return {found->severity,
          found->rule,
          std::move(element),
          {filled(found->vi, values), filled(found->en, values)},
          {std::string(found->remedy_vi), std::string(found->remedy_en)}};
}

}  // namespace edxml
