// Files handed in piece by piece, by the tus protocol: docs/protocols/tus.md.
#include "exchange/uploads/uploads.h"

#include "exchange/rest/request.h"
#include "exchange/rest/resources.h"
#include "exchange/rest/sending.h"
#include "exchange/rest/views.h"
#include "exchange/uploads/tus.h"
#include "http/query.h"

namespace exchange::rest {
namespace {

using base::Code;
using identity::Permission;
using identity::Principal;
using uploads::Tus;
using In = Parameter::In;

constexpr std::string_view kTag = "Uploads";
constexpr const char* kPath = "/api/v1/uploads";
constexpr std::int64_t kBytesMax = std::int64_t{1} << 50;

// What the rows work on, kept by them.
struct Uploading {
  explicit Uploading(const ApiParts& parts)
      : exchange(parts.exchange),
        uploads(parts.uploads),
        begun(parts.metrics.counter("truc_uploads_begun_total", "Uploads begun")),
        bytes(parts.metrics.counter("truc_upload_bytes_total", "Bytes of uploads received")) {}
  Exchange& exchange;
  uploads::Uploads& uploads;
  base::Counter& begun;
  base::Counter& bytes;
};
using UploadingPointer = std::shared_ptr<Uploading>;

class UploadStream : public Stream {
 public:
  UploadStream(std::unique_ptr<http::BodySink> sink, base::Counter& bytes)
      : sink_(std::move(sink)), bytes_(bytes) {}
  base::Result<void> write(base::BytesView chunk) override {
    bytes_.add(chunk.size());
    return sink_->write(chunk);
  }
  base::Bytes digest() override { return {}; }  // these calls take no Idempotency-Key
  http::BodySink* sink() { return sink_.get(); }

 private:
  const std::unique_ptr<http::BodySink> sink_;
  base::Counter& bytes_;
};

// The protocol as `caller` speaks it. An upload keeps the organisation that it was begun for.
Tus tus_of(Uploading& work, const Principal& caller) {
  const auto whose = [&work, &caller](const http::Head& head,
                                      std::string_view id) -> base::Result<uploads::Owner> {
    if (!id.empty()) return owner_of(work.uploads, caller, id);
    const http::Query query = TRY(http::Query::parse(head.query));
    const identity::Reach reach = identity::reach(caller, Permission::documents_send);
    const Organisation sender =
        TRY(sender_named(work.exchange, reach, query["organisation"].value_or("")));
    return uploads::Owner{caller.id, sender.key};
  };
  return Tus(work.uploads, whose, kPath);
}

OpenStream opening(const UploadingPointer& work, Tus::Opened (Tus::*open)(const http::Head&)) {
  return [work, open](const http::Head& head,
                      const Principal& caller) -> base::Result<std::unique_ptr<Stream>> {
    Tus tus = tus_of(*work, caller);
    auto sink = TRY((tus.*open)(head));
    return std::unique_ptr<Stream>(std::make_unique<UploadStream>(std::move(sink), work->bytes));
  };
}

http::BodySink* sink_of(const Call& call) {
  auto* const stream = dynamic_cast<UploadStream*>(call.stream);
  return stream ? stream->sink() : nullptr;
}

base::Result<http::Response> create(Uploading& work, Call& call) {
  Tus tus = tus_of(work, call.principal);
  http::Response response = TRY(tus.create(call.request, sink_of(call)));
  if (response.status == 201) work.begun.add();
  return response;
}

// --- what the protocol's headers are ------------------------------------------------------------
Parameter header(std::string_view name, Schema schema, bool required = false) {
  return {In::header, name, std::move(schema), required, true};
}
Parameter version() {
  return header("Tus-Resumable", word({Tus::kVersion}, {"Phiên bản tus.", "The version of tus."}),
                true);
}
Parameter offset() {
  return {
      In::header, "Upload-Offset",
      integer(0, kBytesMax, {"Số byte đã nhận, đã lưu bền.", "Bytes received, and on disk."}, 0),
      true, true};
}
Parameter length() {
  return header("Upload-Length",
                integer(0, kBytesMax, {"Số byte của cả tệp.", "Bytes of the whole file."}, 35'120));
}
Parameter deferred() {
  return header("Upload-Defer-Length",
                word({"1"}, {"Kích thước sẽ báo sau.", "The size will be said later."}));
}
Parameter metadata() {
  return header("Upload-Metadata",
                text(4096,
                     {"Các cặp tên và giá trị base64; filename là tên tệp.",
                      "Names with values in base64; filename is the file's name."},
                     "filename Y29uZy12YW4ucGRm"));
}
Parameter concat() {
  return header("Upload-Concat", text(4096,
                                      {"partial, hoặc final; và địa chỉ các phần.",
                                       "partial, or final; and the addresses of the parts."},
                                      "partial"));
}
Parameter checksum() {
  return header("Upload-Checksum", text(100,
                                        {"sha1 hoặc sha256 của nội dung, base64.",
                                         "sha1 or sha256 of the body, in base64."},
                                        "sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0="));
}
Parameter expires() {
  return header(
      "Upload-Expires",
      text(40, {"Khi nào bị hủy nếu bỏ dở.", "When it is removed if nothing is done with it."},
           "Sun, 22 Nov 2026 02:30:00 GMT"));
}
Parameter location() {
  return header("Location", text(200, {"Địa chỉ của tệp.", "Where the upload is."},
                                 "/api/v1/uploads/0f3a5c0e1f7b4d2c9a8e6b5d4c3f2a10"));
}
Parameter id_of_upload() { return {In::path, "id", upload_id_schema(), true, true}; }

std::vector<Refusal> refusals() {
  std::vector<Refusal> all = upload_refusals();
  for (Refusal& one : sender_refusals()) all.push_back(std::move(one));
  const std::vector<Refusal> own = {
      {"exchange.upload_version", Code::invalid, {"Sai phiên bản tus.", "Not tus 1.0.0."}},
      {"exchange.upload_content_type", Code::invalid, {"Sai Content-Type.", "A wrong type."}},
      {"exchange.upload_bad_header", Code::invalid, {"Tiêu đề sai.", "A header is wrong."}},
      {"exchange.upload_bad_size", Code::invalid, {"Kích thước sai.", "A wrong size."}},
      {"exchange.upload_method", Code::invalid, {"Sai phương thức.", "The wrong method."}},
      {"exchange.upload_not_a_part", Code::invalid, {"Không phải một phần.", "Not a part."}},
      {"exchange.upload_checksum", Code::invalid, {"Sai giá trị băm.", "The checksum differs."}},
      {"exchange.upload_joined", Code::forbidden, {"Tệp đã ghép.", "It was joined from parts."}},
      {"exchange.upload_wrong_offset", Code::conflict, {"Sai vị trí.", "Not where it is."}},
      {"exchange.upload_size_known", Code::conflict, {"Đã có kích thước.", "It has a size."}},
      {"exchange.upload_busy", Code::conflict, {"Đang nhận ở yêu cầu khác.", "Another sends."}},
      {"exchange.upload_taken_over", Code::conflict, {"Yêu cầu sau đã nối tiếp.", "Taken over."}},
      {"exchange.upload_too_large", Code::too_large, {"Quá lớn.", "Too large."}},
      {"exchange.upload_quota", Code::too_many, {"Hết hạn mức.", "The quota is used up."}},
      {"exchange.upload_too_many", Code::too_many, {"Quá nhiều tệp.", "Too many uploads."}},
  };
  all.insert(all.end(), own.begin(), own.end());
  for (Refusal& one : all) one.status = uploads::prescribed_status(one.reason);
  return all;
}

Route row(http::Method method, std::string_view path, std::string_view name, base::Text summary,
          base::Text about) {
  Route made{.method = method,
             .path = path,
             .access = Permission::documents_send,
             .name = name,
             .tag = kTag,
             .summary = std::move(summary),
             .about = std::move(about),
             .refusals = refusals(),
             .keeps_answer = false,
             .headers = {{"Tus-Resumable", std::string(Tus::kVersion)},
                         {"Tus-Version", std::string(Tus::kVersion)},
                         {"Cache-Control", "no-store"}}};
  if (method != http::Method::options) made.parameters.push_back(version());
  return made;
}

Body body(const UploadingPointer& work, Tus::Opened (Tus::*open)(const http::Head&),
          bool may_be_empty) {
  return {.types = {Tus::kBodyType},
          .stream_bytes_max = work->uploads.options().upload_bytes_max,
          .open = opening(work, open),
          .about = {"Một đoạn của tệp.", "A piece of the file."},
          .optional = may_be_empty,
          .keeps_partial = true};
}

Route abilities_row(const UploadingPointer& work) {
  Route made = row(http::Method::options, kPath, "getUploadAbilities",
                   {"Tải lên được những gì", "What uploads can do here"},
                   {"Phiên bản, phần mở rộng và kích thước tối đa.",
                    "Version, extensions and the largest size."});
  made.access = Access::open();
  made.refusals.clear();
  made.answers = {
      {204,
       {"Trong các tiêu đề.", "In the headers."},
       std::nullopt,
       {},
       {},
       {header("Tus-Max-Size",
               integer(0, kBytesMax, {"Số byte tối đa.", "Bytes at most."}, 10'737'418'240)),
        header("Tus-Extension", text(500, {"Phần mở rộng.", "Extensions."}, "creation")),
        header("Tus-Checksum-Algorithm", text(100, {"Hàm băm.", "Hashes."}, "sha1,sha256"))}}};
  made.handler = [work](Call& call) -> base::Result<http::Response> {
    return tus_of(*work, call.principal).abilities();
  };
  return made;
}

Route create_row(const UploadingPointer& work) {
  Route made =
      row(http::Method::post, kPath, "createUpload", {"Bắt đầu tải một tệp lên", "Begin an upload"},
          {"Mọi thư viện tus đều dùng được. Tệp thuộc về bên gọi và đơn vị được nêu; có "
           "thể kèm luôn những byte đầu, hoặc ghép các phần đã tải.",
           "Any tus client works. The upload belongs to its caller and the organisation "
           "that is named; the first bytes may come along, or parts be joined."});
  made.parameters.push_back(
      {In::query, "organisation",
       text(35,
            {"Mã đơn vị sẽ gửi văn bản; không cần nếu chỉ có một.",
             "Code of the organisation that will send; not needed where there is only one."},
            "H41.12")});
  for (Parameter one : {length(), deferred(), metadata(), concat(), checksum()})
    made.parameters.push_back(std::move(one));
  made.body = body(work, &Tus::open_creation, true);
  made.answers = {{201,
                   {"Đã bắt đầu.", "It has begun."},
                   std::nullopt,
                   {},
                   {},
                   {location(), offset(), expires()}}};
  made.handler = [work](Call& call) { return create(*work, call); };
  return made;
}

Route override_row(const UploadingPointer& work, std::string_view path) {
  Route made = row(http::Method::post, path, "overrideUpload",
                   {"PATCH, DELETE hoặc HEAD bằng POST", "PATCH, DELETE or HEAD by POST"},
                   {"Dành cho nơi proxy chỉ cho GET và POST đi qua.",
                    "Where a proxy lets nothing but GET and POST through."});
  Parameter offset_asked = offset();
  offset_asked.required = false;
  for (Parameter one :
       {id_of_upload(),
        header("X-HTTP-Method-Override",
               word({"PATCH", "DELETE", "HEAD"}, {"Phương thức.", "The method."}), true),
        std::move(offset_asked), length(), checksum()})
    made.parameters.push_back(std::move(one));
  made.body = body(work, &Tus::open_creation, true);
  made.answers = {{204, {"Đã xong.", "Done."}}, {200, {"Tình trạng.", "How far it is."}}};
  made.handler = [work](Call& call) { return create(*work, call); };
  return made;
}

Route patch_row(const UploadingPointer& work, std::string_view path) {
  Route made = row(http::Method::patch, path, "appendToUpload",
                   {"Gửi tiếp một đoạn", "Go on with an upload"},
                   {"Byte tiếp theo kể từ Upload-Offset. Khi kết nối đứt, phần đã đến được giữ; "
                    "hãy hỏi bằng HEAD rồi gửi tiếp.",
                    "Bytes from Upload-Offset on. When the connection breaks, what had come stays; "
                    "ask with HEAD and go on."});
  for (Parameter one : {id_of_upload(), offset(), length(), checksum()})
    made.parameters.push_back(std::move(one));
  made.body = body(work, &Tus::open_patch, false);
  made.answers = {{204, {"Đã lưu bền.", "On disk."}, std::nullopt, {}, {}, {offset(), expires()}}};
  made.handler = [work](Call& call) {
    return tus_of(*work, call.principal).patch(call.request, sink_of(call));
  };
  return made;
}

Route look_row(const UploadingPointer& work, std::string_view path) {
  Route made =
      row(http::Method::head, path, "getUpload", {"Đã tải lên đến đâu", "How far an upload is"},
          {"Upload-Offset là số byte đã lưu bền.", "Upload-Offset is what is on disk."});
  made.parameters.push_back(id_of_upload());
  made.answers = {{200,
                   {"Tình trạng.", "How far it is."},
                   std::nullopt,
                   {},
                   {},
                   {offset(), length(), deferred(), metadata(), concat(), expires()}}};
  for (Parameter& one : made.answers[0].headers) one.required = one.name == "Upload-Offset";
  made.handler = [work](Call& call) { return tus_of(*work, call.principal).look(call.request); };
  return made;
}

Route delete_row(const UploadingPointer& work, std::string_view path) {
  Route made =
      row(http::Method::del, path, "deleteUpload", {"Hủy một tệp", "Give an upload up"},
          {"Văn bản đã gửi từ tệp này vẫn còn nguyên.", "Documents that were made of it stay."});
  made.parameters.push_back(id_of_upload());
  made.answers = {{204, {"Đã hủy.", "It is gone."}}};
  made.handler = [work](Call& call) {
    return tus_of(*work, call.principal).terminate(call.request);
  };
  return made;
}

}  // namespace

std::vector<Route> upload_rows(const ApiParts& parts) {
  constexpr std::string_view kOne = "/api/v1/uploads/{id}";
  const auto work = std::make_shared<Uploading>(parts);
  std::vector<Route> rows;
  rows.push_back(abilities_row(work));
  rows.push_back(create_row(work));
  rows.push_back(look_row(work, kOne));
  rows.push_back(patch_row(work, kOne));
  rows.push_back(delete_row(work, kOne));
  rows.push_back(override_row(work, kOne));
  return rows;
}

}  // namespace exchange::rest
