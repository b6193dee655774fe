// Handing documents in.
#include "base/log.h"
#include "base/text.h"
#include "edxml/rules.h"
#include "exchange/findings.h"
#include "exchange/handed_file.h"
#include "exchange/rest/request.h"
#include "exchange/rest/resources.h"
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

base::Result<Organisation> sender_of(const Exchange& exchange, const Call& call,
                                     const edxml::Document& document) {
  auto sender = exchange.directory().find(document.from.id);
  const std::string shown(base::cut_utf8(base::trim(document.from.id), 60));
  if (!sender || sender->deleted || !call.reach.covers(sender->key)) {
    return base::Error(Code::forbidden, "exchange.sender_unknown",
                       "organisation " + shown + " is not one that you send for",
                       "Đơn vị gửi " + shown + " không phải đơn vị mà bạn được gửi thay");
  }
  TRY(identity::require(call.principal, needed_for(document), sender->key));
  return *std::move(sender);
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

base::Result<http::Response> submit(Exchange& exchange, Call& call) {
  auto* const stream = dynamic_cast<EdxmlStream*>(call.stream);
  if (!stream || stream->file.kept() == 0) {
    return base::Error(Code::invalid, "rest.body_missing",
                       "this call needs a body; its description shows an example",
                       "Yêu cầu này cần có nội dung; xem ví dụ trong tài liệu");
  }
  Submission submission;
  submission.document = TRY(stream->file.document());
  TRY(refuse_findings(submission.document, false));
  const Organisation sender = TRY(sender_of(exchange, call, submission.document));
  submission.system = sender.system;
  submission.sender = sender.key;
  submission.hash = stream->file.hash_with();
  submission.size = stream->file.kept();
  submission.blob = TRY(stream->file.end(submission.size));
  const Accepted accepted = TRY(exchange.accept(submission));
  base::log::info(accepted.resent ? "rest.resent" : "rest.accepted",
                  {{"principal", call.principal.id},
                   {"document", accepted.id},
                   {"bytes", submission.size},
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

Schema submission_schema() {
  return object("Submission",
                {"Một lần gửi và các lượt chuyển.", "What was handed in, and its way."},
                {required("document", document_schema()),
                 required("deliveries", list(delivery_schema(), kRecipientsMax))});
}

std::vector<Refusal> submission_refusals() {
  std::vector<Refusal> all = {
      {"rest.body_missing", Code::invalid, {"Thiếu nội dung.", "The body is missing."}},
      {"exchange.sender_unknown",
       Code::forbidden,
       {"Bên gọi không được gửi thay cơ quan này.", "The caller does not send for it."}},
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
      {"store.disk_full", Code::unavailable, {"Đĩa đầy.", "The disk is full."}},
  };
  for (const Refusal& one : edxml_refusals()) all.push_back(one);
  return all;
}

}  // namespace

std::vector<Route> submission_rows(Exchange& exchange, const ApiOptions& options) {
  std::vector<Route> rows;
  rows.push_back({
      .method = http::Method::post,
      .path = "/api/v1/submissions",
      .access = Permission::documents_send,
      .name = "submit",
      .tag = kTag,
      .summary = {"Gửi văn bản", "Hand a document in"},
      .about =
          {"Một tệp edXML, nguyên vẹn. Câu trả lời đến sau khi đã lưu bền vững. Gửi lại cùng tệp "
           "trong 24 giờ trả về cùng mã.",
           "One edXML file as it is. The answer comes once it is on disk. The same file within "
           "24 hours gives the same id. A status message may be handed in the same way, with the "
           "permission that its word needs."},
      .body = {.types = {kEdxml},
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
      .handler = [&exchange](Call& call) { return submit(exchange, call); },
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
