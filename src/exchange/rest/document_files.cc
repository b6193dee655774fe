// The bytes of a document and of its attachments.
#include <algorithm>
#include <limits>

#include "base/hash.h"
#include "base/slots.h"
#include "base/text.h"
#include "exchange/attachment_reader.h"
#include "exchange/blob_body.h"
#include "exchange/rest/request.h"
#include "exchange/rest/resources.h"
#include "exchange/rest/views.h"
#include "trust/intake/spool.h"

namespace exchange::rest {
namespace {

using identity::Permission;

constexpr std::string_view kTag = "Documents";
constexpr std::string_view kEdxml = "application/edxml+xml";
constexpr std::string_view kBytes = "application/octet-stream";
constexpr std::string_view kAsice = "application/vnd.etsi.asic-e+zip";
constexpr std::uint64_t kSpoolMemory = 4 << 20;
constexpr int kBundlesMax = 2;  // made at the same time: each may take a minute and a disk's room

// What was taken out of a file, as it goes out.
class SpoolBody : public http::BodySource {
 public:
  explicit SpoolBody(std::unique_ptr<trust::Spool> spool) : spool_(std::move(spool)) {}
  std::uint64_t size() const override { return spool_->size(); }
  base::Result<std::size_t> read(char* to, std::size_t size) override {
    const std::size_t got = TRY(spool_->read_at(at_, to, size));
    at_ += got;
    return got;
  }

 private:
  std::unique_ptr<trust::Spool> spool_;
  std::uint64_t at_ = 0;
};

// HEAD asks about the bytes and does not take them: it is no fetch.
base::Result<Fetched> looked_at(Exchange& exchange, const DeskDocument& document) {
  auto bytes = TRY(exchange.blobs().open(document.blob));
  return Fetched{document.id, std::move(bytes)};
}
base::Result<Fetched> taken(Exchange& exchange, const Call& call, const DeskDocument& document) {
  if (call.request.method == http::Method::head) return looked_at(exchange, document);
  return exchange.fetch(call.reach, document.id);
}

base::Result<http::Response> content(Exchange& exchange, Call& call) {
  const DeskDocument document = TRY(Desk(exchange).document(call.reach, call.text("id")));
  Fetched fetched = TRY(taken(exchange, call, document));
  http::Response response = http::Response::text(200, kEdxml, "");
  response.source = std::make_unique<BlobBody>(std::move(fetched.content));
  response.headers.add("ETag", "\"" + base::hex(document.hash) + "\"");
  response.headers.add("Content-Disposition", content_disposition(document.id + ".edxml"));
  return response;
}

base::Result<http::Response> attachments(Exchange& exchange, AttachmentReader& reader, Call& call) {
  const DeskDocument document = TRY(Desk(exchange).document(call.reach, call.text("id")));
  Fetched kept = TRY(looked_at(exchange, document));
  const auto header = TRY(reader.look(kept));
  base::Json json, items{base::Json::Array{}};
  std::int64_t number = 0;
  for (const edxml::Attachment& one : header->attachments) {
    base::Json item;
    item.add("number", ++number).add("name", base::cut_utf8(one.name, 2000));
    item.add("description", base::cut_utf8(one.description, 2000));
    item.add("type", base::cut_utf8(one.content_type, 500));
    item.add("size", static_cast<std::int64_t>(one.content_bytes));
    items.push(std::move(item));
  }
  json.add("items", std::move(items));
  return http::Response::json(200, json.dump());
}

// A number that there is not is no fetch.
base::Result<http::Response> attachment(Exchange& exchange, AttachmentReader& reader, Call& call) {
  const DeskDocument document = TRY(Desk(exchange).document(call.reach, call.text("id")));
  const auto number = static_cast<std::size_t>(call.integer("number"));
  Fetched kept = TRY(looked_at(exchange, document));
  AttachmentFile file = TRY(reader.open(std::move(kept), number));
  if (call.request.method == http::Method::get) TRY(exchange.fetch(call.reach, document.id));
  http::Response response = http::Response::text(200, kBytes, "");
  // The document never changes, and neither does what is taken out of it.
  response.headers.add("ETag",
                       "\"" + base::hex(document.hash) + "-" + std::to_string(number) + "\"");
  response.headers.add("Content-Disposition", content_disposition(file.name));
  response.source = std::move(file.source);
  return response;
}

// For whom both hold.
identity::Reach common(const identity::Reach& a, const identity::Reach& b) {
  if (a.everywhere) return b;
  identity::Reach both;
  for (const OrganisationKey one : a.organisations) {
    if (b.covers(one)) both.organisations.push_back(one);
  }
  return both;
}

base::Error no_bundles() {
  return {base::Code::conflict, "rest.no_bundles",
          "this exchange gives no evidences, so there is nothing to bundle",
          "trục này không lập bằng chứng nên không có hồ sơ bằng chứng"};
}
base::Error too_many_bundles() {
  return {base::Code::unavailable, "rest.too_many_bundles",
          "other bundles are being made; try again in some seconds",
          "đang lập hồ sơ bằng chứng khác; hãy thử lại sau vài giây"};
}

// Each evidence holds the hash of the one before it: a bundle with some left out would be judged
// as one that somebody tampered with.
base::Error not_all_yours() {
  return {base::Code::forbidden, "rest.bundle_of_all",
          "a bundle shows what became of every copy, so only the sender takes it, or who got all "
          "copies; your own evidences are at …/evidence",
          "hồ sơ cho thấy mọi bản đã gửi nên chỉ bên gửi, hoặc đơn vị nhận mọi bản, được lấy; bằng "
          "chứng của riêng đơn vị xem tại …/evidence"};
}

// The whole of it is made before the fetch is recorded: what could not be made was not handed over.
// The evidence of this fetch is in the next bundle.
base::Result<http::Response> bundle(Exchange& exchange, const ApiOptions& options,
                                    base::Slots& slots, Call& call) {
  const identity::Reach evidence =
      identity::reach(call.principal, identity::Permission::evidence_read);
  const identity::Reach reach = common(call.reach, evidence);
  if (reach.none() && !call.reach.organisations.empty()) {
    TRY(identity::require(call.principal, identity::Permission::evidence_read,
                          call.reach.organisations.front()));
  }
  const DeskDocument document = TRY(Desk(exchange).document(reach, call.text("id")));
  const auto mine = TRY(Desk(exchange).deliveries_of(reach, document.id));
  if (options.bundles == nullptr) return no_bundles();
  const auto turn = slots.take();
  if (!turn) return too_many_bundles();
  const BundleOrder order = TRY(bundle_order(exchange, document.id));
  if (!std::all_of(order.evidences.begin(), order.evidences.end(),
                   [&](const auto& one) { return concerns(one, mine); }))
    return not_all_yours();
  auto spool = std::make_unique<trust::Spool>(options.spool_directory, kSpoolMemory);
  TRY(options.bundles->make(order, [&](base::BytesView piece) { return spool->write(piece); }));
  spool->finish_hash();
  if (call.request.method != http::Method::head) TRY(exchange.fetch(reach, document.id));
  http::Response response = http::Response::text(200, kAsice, "");
  response.headers.add("Content-Disposition", content_disposition(document.id + ".asice"));
  response.source = std::make_unique<SpoolBody>(std::move(spool));
  return response;
}

// Downloads that are taken up again.
std::vector<Parameter> range_parameters() {
  const auto header = [](std::string_view name, base::Text about, std::string_view example) {
    return Parameter{Parameter::In::header, name,
                     text(std::numeric_limits<std::int64_t>::max(), std::move(about), example, 0),
                     false, true};
  };
  return {header("Range", {"Một đoạn của tệp.", "One part of the file."}, "bytes=0-1048575"),
          header("If-Range",
                 {"ETag đã thấy: tệp khác đi thì trả về cả tệp.",
                  "The ETag seen before: another file comes whole."},
                 "\"9f86d081884c7d65\"")};
}
Answer part(std::string_view type) {
  return {206,
          {"Đoạn đã hỏi.", "The part asked for."},
          std::nullopt,
          type,
          {},
          {{Parameter::In::header, "Content-Range",
            text(100, {"Đoạn nào, của bao nhiêu byte.", "Which part, of how many bytes."},
                 "bytes 0-1048575/35120000"),
            true}}};
}
Refusal no_such_part() {
  return {"http.range_unsatisfiable",
          base::Code::invalid,
          {"Range nằm ngoài tệp.", "Range is beyond the file."}};
}

Schema attachments_schema() {
  return object(
      "Attachments", {"Các tệp đính kèm.", "The attachments of a document."},
      {required(
          "items",
          list(object(
                   "Attachment", {"Một tệp đính kèm.", "One attachment."},
                   {required("number", integer(1, 1000, {"Số thứ tự, từ 1.", "From 1."}, 1)),
                    required("name", text(2000, {"Tên tệp.", "Its name."}, "cong-van.pdf", 0)),
                    required("description", text(2000, {"Mô tả.", "What it is."}, "Công văn", 0)),
                    required("type", text(500, {"Kiểu, như văn bản ghi.", "As the document says."},
                                          "application/pdf", 0)),
                    required("size",
                             integer(0, std::int64_t{1} << 40,
                                     {"Số byte của tệp.", "Bytes of the file itself."}, 35'120))}),
               1000))});
}

Route bundle_row(const Parameter& id) {
  using base::Code;
  return {
      .path = "/api/v1/documents/{id}/bundle",
      .access = Permission::documents_read,
      .name = "getBundle",
      .tag = kTag,
      .summary = {"Hồ sơ bằng chứng (ASiC-E)", "The bundle of evidence (ASiC-E)"},
      .about = {"Văn bản cùng mọi bằng chứng, cho bên gửi và cho đơn vị nhận mọi bản; đã ký số, "
                "kiểm tra được ngoài "
                "mạng bằng truc verify. Cần thêm quyền evidence.read. Tính là một lần lấy; bằng "
                "chứng của chính lần lấy này có trong hồ sơ sau.",
                "The document with every evidence, for its sender and for who got all copies; "
                "sealed, to be checked "
                "offline by truc verify. It takes evidence.read as well. It counts as a fetch; the "
                "evidence of this very fetch is in a later bundle."},
      .parameters = {id},
      .answers = {{200, {"Hồ sơ.", "The bundle."}, std::nullopt, kAsice}},
      .refusals = {
          unknown_document(),
          recalled(),
          {"rest.no_bundles", Code::conflict, {"Trục không lập bằng chứng.", "It gives none."}},
          {"rest.bundle_of_all",
           Code::forbidden,
           {"Có bằng chứng của nơi nhận khác.", "Other recipients have evidences in it."}},
          {"rest.too_many_bundles",
           Code::unavailable,
           {"Đang lập hồ sơ khác.", "Others are being made."}},
          {"trust.evidence_waiting",
           Code::conflict,
           {"Bằng chứng chưa ký xong; thử lại sau một giây.",
            "An evidence is not sealed yet; try again in a second."}},
          {"trust.bundle_authority",
           Code::unavailable,
           {"Tổ chức cấp dấu thời gian.", "The timestamp authority."}},
          {"trust.key_unavailable",
           Code::unavailable,
           {"Khóa ký vắng.", "The key cannot be used now."}},
          {"trust.key_refused", Code::forbidden, {"Khóa ký từ chối.", "The key refuses."}},
          {"trust.spool_failed", Code::unavailable, {"Đĩa đầy.", "No room."}}}};
}

}  // namespace

std::vector<Route> document_file_rows(Exchange& exchange, const ApiOptions& options) {
  const Parameter id = id_parameter({"Mã văn bản.", "The document's id."}, kDocumentExample);
  const Refusal undecodable{"edxml.attachment_undecodable",
                            base::Code::invalid,
                            {"Không mở được tệp đính kèm.", "It cannot be decoded."}};
  AttachmentReader::Options reading;
  reading.content_bytes_max = options.document_bytes_max;
  const auto reader = std::make_shared<AttachmentReader>(reading);
  std::vector<Route> rows;
  rows.push_back({
      .path = "/api/v1/documents/{id}/content",
      .access = Permission::documents_read,
      .name = "getContent",
      .tag = kTag,
      .summary = {"Tệp edXML, nguyên vẹn", "The edXML file, byte for byte"},
      .about =
          {"Lần lấy đầu tiên của nơi nhận được ghi lại trước khi byte đầu tiên rời máy chủ. Tải "
           "dở thì lấy tiếp bằng Range.",
           "A recipient's first fetch is recorded before the first byte leaves. A download "
           "that broke off goes on with Range."},
      .parameters = joined({id}, range_parameters()),
      .answers = {{200, {"Tệp.", "The file."}, std::nullopt, kEdxml}, part(kEdxml)},
      .refusals = {unknown_document(), recalled(), no_such_part()},
      .handler = [&exchange](Call& call) { return content(exchange, call); },
  });
  rows.push_back({
      .path = "/api/v1/documents/{id}/attachments",
      .access = Permission::documents_read,
      .name = "listAttachments",
      .tag = kTag,
      .summary = {"Các tệp đính kèm", "The attachments"},
      .about = {"Tên, kiểu và kích thước.", "Names, types and sizes."},
      .parameters = {id},
      .answers = {{200, {"Các tệp.", "The attachments."}, attachments_schema()}},
      .refusals = {unknown_document(), recalled()},
      .handler = [&exchange, reader](Call& call) { return attachments(exchange, *reader, call); },
  });
  rows.push_back({
      .path = "/api/v1/documents/{id}/attachments/{number}",
      .access = Permission::documents_read,
      .name = "getAttachment",
      .tag = kTag,
      .summary = {"Một tệp đính kèm", "One attachment"},
      .about = {"Chính tệp đó, đã giải mã. Tính là một lần lấy.",
                "The file itself, decoded. It counts as a fetch."},
      .parameters = joined({id,
                            {Parameter::In::path, "number",
                             integer(1, 1000, {"Số thứ tự.", "Its number."}, 1), true}},
                           range_parameters()),
      .answers = {{200, {"Tệp.", "The file."}, std::nullopt, kBytes}, part(kBytes)},
      .refusals = {unknown_document(),
                   recalled(),
                   undecodable,
                   {"exchange.unknown_attachment",
                    base::Code::not_found,
                    {"Không có tệp số này.", "There is no such number."}},
                   no_such_part()},
      .handler = [&exchange, reader](Call& call) { return attachment(exchange, *reader, call); },
  });
  Route bundled = bundle_row(id);
  bundled.handler = [&exchange, options, slots = std::make_shared<base::Slots>(kBundlesMax)](
                        Call& call) { return bundle(exchange, options, *slots, call); };
  rows.push_back(std::move(bundled));
  return rows;
}

}  // namespace exchange::rest
