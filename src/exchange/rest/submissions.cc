// Handing documents in.
#include <algorithm>

#include "base/log.h"
#include "base/text.h"
#include "exchange/acceptance.h"
#include "exchange/assembly.h"
#include "exchange/findings.h"
#include "exchange/handed_file.h"
#include "exchange/rest/request.h"
#include "exchange/rest/resources.h"
#include "exchange/rest/sending.h"
#include "exchange/rest/views.h"

namespace exchange::rest {
namespace {

using base::Code;
using identity::Permission;

constexpr std::string_view kTag = "Submissions";
constexpr std::string_view kEdxml = "application/edxml+xml";

// One edXML file on its way in.
class EdxmlStream : public Stream {
 public:
  explicit EdxmlStream(std::unique_ptr<store::BlobWriter> blob) : file(std::move(blob), {}) {}
  base::Result<void> write(base::BytesView chunk) override { return file.write(chunk); }
  base::Bytes digest() override { return file.hash_with(); }
  HandedFile file;
};

// Who sends decides which permission it takes: a status message is a word on somebody else's
// document.
Permission needed_for(const edxml::Document& document) {
  if (document.kind == edxml::Kind::document) return Permission::documents_send;
  return document.status_code == "13" ? Permission::documents_recall
                                      : Permission::deliveries_acknowledge;
}

base::Json accepted_json(const Accepted& accepted) {
  base::Json json, unknown{base::Json::Array{}}, objections{base::Json::Array{}};
  for (const std::string& code : accepted.unknown) unknown.push(code);
  for (const auto& [code, why] : accepted.objections) {
    base::Json one;
    one.add("recipient", code).add("detail_vi", why.vi).add("detail_en", why.en);
    objections.push(std::move(one));
  }
  json.add("id", accepted.id).add("resent", accepted.resent);
  json.add("deliveries", accepted.deliveries);
  json.add("unknown", std::move(unknown)).add("objections", std::move(objections));
  return json;
}

// What the rows work on.
struct Intake {
  Exchange& exchange;
  uploads::Uploads& uploads;
  Assembly assembly;
};

base::Result<Submission> streamed(const Exchange& exchange, const Call& call, EdxmlStream* stream) {
  if (!stream || stream->file.kept() == 0) {
    return base::Error(Code::invalid, "rest.body_missing",
                       "this call needs a body; its description shows an example",
                       "Yêu cầu này cần có nội dung; xem ví dụ trong tài liệu");
  }
  Submission submission;
  submission.document = TRY(stream->file.document());
  TRY(refuse_findings(submission.document, false));
  const Organisation sender = TRY(sender_named(exchange, call.reach, submission.document.from.id));
  TRY(identity::require(call.principal, needed_for(submission.document), sender.key));
  submission.system = sender.system;
  submission.sender = sender.key;
  submission.hash = stream->file.hash_with();
  submission.size = stream->file.kept();
  submission.blob = TRY(stream->file.end(submission.size));
  return submission;
}

// Where the file names recipients, the call may leave some out and add none: nobody gets what they
// would not expect, and nobody is left out unsaid.
base::Result<void> check_narrowing(const Exchange& exchange, Call& call,
                                   const Submission& submission) {
  const Addressees file = addressees(exchange.directory(), submission.document, {}, call.now);
  if (file.known.empty() && file.unknown.empty()) return base::done();
  for (std::size_t i = 0; i < submission.to.size(); ++i) {
    const Addressees one = addressees(exchange.directory(), {}, {submission.to[i]}, call.now);
    const bool named = !one.known.empty() &&
                       std::any_of(file.known.begin(), file.known.end(),
                                   [&](const auto& to) { return to.key == one.known.front().key; });
    if (named) continue;
    const std::string shown(base::cut_utf8(submission.to[i], 60));
    return call.at("/to/" + std::to_string(i),
                   base::Error(Code::invalid, "exchange.assembly_bad_member",
                               shown + " is not a recipient that the file names",
                               shown + " không phải nơi nhận ghi trong tệp"));
  }
  return base::done();
}

// A whole file that was uploaded, unchanged.
base::Result<Draft> uploaded(Intake& intake, Call& call) {
  std::vector<std::string> to;
  for (const auto& [name, value] : call.body.object()) {
    if (name == "upload" || name == "to") continue;
    return call.at("/" + name, base::Error(Code::invalid, "exchange.assembly_bad_member",
                                           name + " does not go with upload: the file says it",
                                           name + " không đi cùng upload: tệp đã nêu mục này"));
  }
  for (const base::Json& one : call.body["to"].array()) to.emplace_back(one["id"].text());
  const std::string_view id = call.body["upload"].text();
  const uploads::Owner owner = TRY(owner_of(intake.uploads, call.principal, id));
  Draft draft = TRY(intake.assembly.from_upload(owner, id, std::move(to)));
  TRY(check_narrowing(intake.exchange, call, draft.submission));
  return draft;
}

// A day that exists, or none.
base::Result<void> check_day(Call& call, const std::string& pointer, std::string_view written) {
  if (written.empty() || base::parse_date(written)) return base::done();
  const std::string shown = "\"" + std::string(base::cut_utf8(written, 20)) + "\"";
  const std::string member = pointer.substr(pointer.rfind('/') + 1);
  return call.at(pointer, base::Error(Code::invalid, "exchange.assembly_bad_member",
                                      member + ": " + shown +
                                          " is no day; write it as YYYY/MM/DD, like 2026/11/22",
                                      member + ": " + shown +
                                          " không phải một ngày; hãy viết YYYY/MM/DD, ví dụ "
                                          "2026/11/22"));
}

// What a file of somebody's may lack is not left out of one that is made here.
base::Result<void> check_values(Call& call) {
  if (base::trim(call.body["subject"].text()).empty()) {
    return call.at("/subject", base::Error(Code::invalid, "exchange.assembly_bad_member",
                                           "subject is empty; say what the document is about",
                                           "subject (trích yếu) còn trống; hãy nêu nội dung chính "
                                           "của văn bản"));
  }
  for (const char* name : {"promulgation_date", "due_date"})
    TRY(check_day(call, std::string("/") + name, call.body[name].text()));
  const auto& answered = call.body["response_for"].array();
  for (std::size_t i = 0; i < answered.size(); ++i) {
    TRY(check_day(call, "/response_for/" + std::to_string(i) + "/promulgation_date",
                  answered[i]["promulgation_date"].text()));
  }
  return base::done();
}

base::Result<Draft> assembled(Intake& intake, Call& call) {
  TRY(check_values(call));
  const auto sender = sender_named(intake.exchange, call.reach, call.body["from"]["id"].text());
  if (!sender) return call.at("/from/id", sender.error());
  return intake.assembly.from_json({call.principal.id, sender->key}, call.body);
}

base::Result<Accepted> take(Intake& intake, Call& call, std::uint64_t& bytes) {
  if (!call.body.is_object()) {
    const Submission submission =
        TRY(streamed(intake.exchange, call, dynamic_cast<EdxmlStream*>(call.stream)));
    bytes = submission.size;
    return intake.exchange.accept(submission);
  }
  Draft draft = TRY(call.body.has("upload") ? uploaded(intake, call) : assembled(intake, call));
  const Submission& made = draft.submission;
  TRY(identity::require(call.principal, needed_for(made.document), made.sender));
  bytes = made.size;
  auto accepted = draft.hand_in();
  if (accepted || accepted.error().reason() != "exchange.recipients_unknown") return accepted;
  const bool by_file = call.body.has("upload") && !call.body.has("to");
  return call.at(by_file ? "/upload" : "/to", std::move(accepted).error());
}

base::Result<http::Response> submit(Intake& intake, Call& call) {
  std::uint64_t bytes = 0;
  const Accepted accepted = TRY(take(intake, call, bytes));
  base::log::info(accepted.resent ? "rest.resent" : "rest.accepted",
                  {{"principal", call.principal.id},
                   {"document", accepted.id},
                   {"bytes", bytes},
                   {"deliveries", accepted.deliveries},
                   {"unknown", accepted.unknown.size()}});
  http::Response response =
      http::Response::json(accepted.resent ? 200 : 201, accepted_json(accepted).dump());
  response.headers.add("Location", "/api/v1/submissions/" + accepted.id);
  return response;
}

base::Result<http::Response> submission(Exchange& exchange, Call& call) {
  const Desk desk(exchange);
  const DeskDocument document = TRY(desk.document(call.reach, call.text("id")));
  if (!document.sent) {
    return base::Error(Code::not_found, "exchange.unknown_document",
                       "no document of yours has the id " + document.id,
                       "không có văn bản nào của đơn vị mang mã " + document.id);
  }
  base::Json json, deliveries{base::Json::Array{}};
  for (const DeskDelivery& one : TRY(desk.deliveries_of(call.reach, document.id)))
    deliveries.push(delivery_json(exchange, one));
  json.add("document", document_json(exchange, document)).add("deliveries", std::move(deliveries));
  return http::Response::json(200, json.dump());
}

Schema accepted_schema() {
  return object(
      "Accepted", {"Trục đã tiếp nhận và lưu.", "Accepted and on disk."},
      {required("id", text(24, {"Mã văn bản.", "The document's id."}, kDocumentExample, 24)),
       required("resent",
                boolean({"Đúng tệp này đã được gửi trong 24 giờ qua; mã là mã lần trước.",
                         "The same file came within 24 hours; the id is the first one's."},
                        false)),
       required("deliveries",
                integer(0, kRecipientsMax, {"Số lượt chuyển.", "Deliveries made."}, 2)),
       required("unknown", list(text(200, {"Mã.", "A code."}, "H99.77"), 10'000,
                                {"Nơi nhận không tồn tại.", "Recipients that nobody is."})),
       required("objections",
                list(object("Objection",
                            {"Nơi nhận không tiếp nhận, và vì sao.",
                             "A recipient whose rule keeps it out, and why."},
                            {required("recipient", text(35, {"Mã.", "Its code."}, "H41.12")),
                             required("detail_vi", text(2000, {"Lý do.", "Why, in Vietnamese."},
                                                        "chữ ký số không hợp lệ", 0)),
                             required("detail_en", text(2000, {"Lý do, tiếng Anh.", "Why."},
                                                        "a signature is invalid", 0))}),
                     10'000))});
}

// A text that few documents have.
Member unusual(std::string_view name, base::Text about) {
  return rest::unusual(name, text(100'000, std::move(about), "", 0));
}
using rest::unusual;

Schema organisation_schema(std::string_view name, base::Text about) {
  const auto line = [](std::string_view member, base::Text meaning, std::string_view example) {
    return optional(member, text(1000, std::move(meaning), example, 0));
  };
  return object(
      name, std::move(about),
      {required("id", text(35, {"Mã cơ quan.", "Its code."}, "H41.12")),
       line("name",
            {"Tên; để trống thì lấy ở danh bạ.", "Its name; the directory's where it is left out."},
            "Sở Giáo dục và Đào tạo"),
       unusual("in_charge", {"Người phụ trách.", "Who is in charge."}),
       unusual("address", {"Địa chỉ.", "Its address."}),
       unusual("email", {"Thư điện tử.", "Mail address."}),
       unusual("telephone", {"Điện thoại.", "Telephone."}), unusual("fax", {"Fax.", "Fax."}),
       unusual("website", {"Trang thông tin.", "Web site."})});
}

Schema enclosure_schema() {
  Schema upload = upload_id_schema();
  upload.about = {"Mã tệp đã tải lên; hoặc nêu sha256.", "The upload's id; or else its sha256."};
  return object(
      "Enclosure",
      {"Một tệp đính kèm, theo mã hoặc theo giá trị băm.",
       "One file to attach, by its id or by its hash."},
      {optional("upload", std::move(upload)),
       unusual(
           "sha256",
           text(64, {"SHA-256 của tệp đã tải lên, hệ 16.", "SHA-256 of an upload, in hexadecimal."},
                "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", 64)),
       optional("name", text(500,
                             {"Tên tệp; để trống thì lấy filename của tệp tải lên.",
                              "Its name; the upload's filename where it is left out."},
                             "quyet-dinh.pdf", 0)),
       optional("description", text(2000, {"Mô tả.", "What it is."}, "Quyết định", 0))});
}

Schema new_document_schema() {
  const auto line = [](std::string_view member, base::Text meaning, std::string_view example,
                       std::int64_t most = 1000) {
    return optional(member, text(most, std::move(meaning), example, 0));
  };
  const auto day = [](std::string_view member, base::Text meaning) {
    return optional(member, text(10, std::move(meaning), "2026/11/22", 0));
  };
  return object(
      "NewDocument",
      {"Các mục của văn bản, như edXML; hoặc chỉ `upload` và `to`.",
       "What the document says, as edXML has it; or nothing but `upload` and `to`."},
      {unusual("upload", upload_id_schema()),
       optional("from", organisation_schema("NewDocumentSender",
                                            {"Cơ quan gửi; không cần nếu chỉ có một.",
                                             "Who sends; not needed where there is only one."})),
       optional("to",
                list(organisation_schema("NewDocumentRecipient", {"Nơi nhận.", "A recipient."}),
                     kRecipientsMax,
                     {"Nơi nhận; cùng `upload` thì chỉ những nơi này trong số nơi nhận của tệp.",
                      "Recipients; with `upload`, only these of the file's."})),
       line("document_id", {"Mã định danh; để trống thì tự lập.", "Made where it is left out."},
            "H41.12,2026/11/22,05/SGDĐT-VP"),
       line("code_number", {"Số.", "Its number."}, "05"),
       line("code_notation", {"Ký hiệu.", "Its notation."}, "SGDĐT-VP"),
       line("place", {"Địa danh.", "Place of issue."}, "Hà Nội"),
       day("promulgation_date", {"Ngày ban hành, YYYY/MM/DD.", "Date of issue, YYYY/MM/DD."}),
       day("due_date", {"Hạn trả lời, YYYY/MM/DD.", "Due date, YYYY/MM/DD."}),
       line("type", {"Loại: 1 pháp quy, 2 hành chính.", "1 legal, 2 administrative."}, "2"),
       unusual("type_detail", {"Mã loại chi tiết.", "Code of its kind."}),
       line("type_name", {"Tên loại.", "Name of its kind."}, "Công văn"),
       line("subject",
            {"Trích yếu; không được trống, trừ khi gửi cùng `upload`.",
             "Its subject; not empty, unless there is `upload`."},
            "Về việc phối hợp", 4000),
       unusual("content", {"Nội dung tóm tắt.", "What it says, in short."}),
       line("signer_competence", {"Thẩm quyền ký.", "By what right it is signed."}, "KT. GIÁM ĐỐC"),
       line("signer_position", {"Chức vụ người ký.", "Post of who signs."}, "Phó Giám đốc"),
       line("signer_name", {"Người ký.", "Who signs."}, "Nguyễn Văn An"),
       line("priority", {"Độ khẩn: 0 đến 3.", "Urgency: 0 to 3."}, "0"),
       unusual("sphere", {"Phạm vi lưu hành.", "How far it may be passed on."}),
       unusual("typer_notation", {"Ký hiệu người soạn thảo.", "Who drew it up."}),
       line("promulgation_amount", {"Số bản.", "Copies."}, "1"),
       line("page_amount", {"Số trang.", "Pages."}, "2"),
       unusual("direction", {"Direction của edXML.", "Direction of edXML."}),
       unusual("reference_codes", {"Văn bản liên quan.", "Documents that it refers to."}),
       unusual("steering_type", {"SteeringType của edXML.", "SteeringType of edXML."}),
       unusual("application_type", {"ApplicationType của edXML.", "ApplicationType of edXML."}),
       unusual("operation", integer(0, 3,
                                    {"Nghiệp vụ: 0 mới, 1 thu hồi, 2 cập nhật, 3 thay thế.",
                                     "0 new, 1 recall, 2 update, 3 replacement."},
                                    0)),
       unusual("operation_reason", {"Lý do.", "Why."}),
       unusual("operation_document_id", {"Văn bản liên quan.", "Of which document."}),
       unusual(
           "response_for",
           list(object("NewDocumentResponse",
                       {"Văn bản mà văn bản này trả lời.", "What it answers."},
                       {line("organisation", {"Cơ quan.", "Whose."}, "H41"),
                        line("code", {"Số, ký hiệu.", "Number and notation."}, "01/UBND"),
                        line("document_id", {"Mã định danh.", "Its id."}, "H41,2026/11/20,01/UBND"),
                        day("promulgation_date", {"Ngày ban hành.", "Date of issue."})}),
                1000)),
       optional("to_places", list(text(1000, {"Một nơi.", "A place."}, "Lưu: VT"), 1000,
                                  {"Nơi nhận in trên văn bản.", "Recipients as printed."})),
       optional("attachments", list(enclosure_schema(), 1000, {"Tệp đính kèm.", "To attach."}))});
}

Schema submission_schema() {
  return object("Submission",
                {"Một lần gửi và các lượt chuyển.", "What was handed in, and its way."},
                {required("document", document_schema()),
                 required("deliveries", list(delivery_schema(), kRecipientsMax))});
}

std::vector<Refusal> submission_refusals() {
  std::vector<Refusal> all = {
      {"rest.body_missing", Code::invalid, {"Thiếu nội dung.", "The body is missing."}},
      {"exchange.recipients_unknown",
       Code::not_found,
       {"Không nơi nhận nào tồn tại.", "None of the recipients is known."}},
      {"exchange.too_many_recipients",
       Code::invalid,
       {"Quá nhiều nơi nhận.", "Too many recipients."}},
      {"exchange.not_the_sender",
       Code::forbidden,
       {"Chỉ bên gửi được lấy lại.", "Only its sender may recall a document."}},
      {"exchange.malware", Code::invalid, {"Có mã độc.", "Malware was found."}},
      {"exchange.signatures_refused",
       Code::invalid,
       {"Không nơi nhận nào tiếp nhận chữ ký số.", "Every recipient's rule objects."}},
      {"exchange.sender_differs",
       Code::forbidden,
       {"Tệp tải lên ghi cơ quan gửi khác.", "The upload's file names another sender."}},
      {"exchange.assembly_bad_member",
       Code::invalid,
       {"Một mục không dùng được.", "A member that does not fit."}},
      {"exchange.assembly_too_large", Code::too_large, {"Văn bản quá lớn.", "Too large."}},
      {"exchange.assembly_busy",
       Code::unavailable,
       {"Đang ghép nhiều văn bản lớn.", "Several large documents are being assembled."}},
      {"exchange.enclosure_unknown",
       Code::not_found,
       {"Không có tệp tải lên với SHA-256 này.", "No upload has this SHA-256."}},
      {"edxml.bad_member", Code::invalid, {"Một mục sai.", "A member is wrong."}},
      {"edxml.attachment_too_large", Code::too_large, {"Tệp quá lớn.", "Too large a file."}},
      {"edxml.content_changed", Code::invalid, {"Tệp đã đổi.", "A file has changed."}},
  };
  for (const std::vector<Refusal>& more : {sender_refusals(), upload_refusals(), edxml_refusals()})
    for (const Refusal& one : more) all.push_back(one);
  return all;
}

}  // namespace

std::vector<Route> submission_rows(const ApiParts& parts, const ApiOptions& options) {
  Exchange& exchange = parts.exchange;
  Assembly::Options assembly;
  assembly.document_bytes_max = options.document_bytes_max;
  const std::shared_ptr<Intake> intake(
      new Intake{exchange, parts.uploads, Assembly(exchange, parts.uploads, assembly)});
  std::vector<Route> rows;
  rows.push_back({
      .method = http::Method::post,
      .path = "/api/v1/submissions",
      .access = Permission::documents_send,
      .name = "submit",
      .tag = kTag,
      .summary = {"Gửi văn bản", "Hand a document in"},
      .about =
          {"Một tệp edXML, nguyên vẹn; hoặc JSON: các mục của văn bản và những tệp đã tải lên để "
           "đính kèm, hay một tệp edXML đã tải lên trọn vẹn (`upload`). Câu trả lời đến sau khi đã "
           "lưu bền vững. Gửi lại cùng văn bản trong 24 giờ trả về cùng mã.",
           "One edXML file as it is; or JSON: the values of a document and the uploads to attach, "
           "or a whole edXML file that was uploaded (`upload`). The answer comes once it is on "
           "disk. The same document within 24 hours gives the same id. A status message may be "
           "handed in the same way, with the "
           "permission that its word needs."},
      .body = {.json = new_document_schema(),
               .json_bytes_max = 1 << 20,
               .types = {kEdxml},
               .stream_bytes_max = options.document_bytes_max,
               .open = [&exchange](const http::Head&, const identity::Principal&)
                   -> base::Result<std::unique_ptr<Stream>> {
                 auto blob = TRY(exchange.blobs().create());
                 return std::unique_ptr<Stream>(std::make_unique<EdxmlStream>(std::move(blob)));
               },
               .about = {"Tệp edXML.", "The edXML file."}},
      .answers = {{201, {"Đã tiếp nhận.", "Accepted."}, accepted_schema()},
                  {200, {"Đã tiếp nhận trước đó.", "Accepted before."}, accepted_schema()}},
      .refusals = submission_refusals(),
      .handler = [intake](Call& call) { return submit(*intake, call); },
  });
  rows.push_back({
      .path = "/api/v1/submissions/{id}",
      .access = Permission::documents_read,
      .name = "getSubmission",
      .tag = kTag,
      .summary = {"Kết quả một lần gửi", "What became of a submission"},
      .about = {"Văn bản và mọi lượt chuyển, cho bên gửi.",
                "The document and all its deliveries, for its sender."},
      .parameters = {id_parameter({"Mã văn bản.", "The document's id."}, kDocumentExample)},
      .answers = {{200, {"Lần gửi.", "The submission."}, submission_schema()}},
      .refusals = {unknown_document(), recalled()},
      .handler = [&exchange](Call& call) { return submission(exchange, call); },
  });
  return rows;
}

}  // namespace exchange::rest
