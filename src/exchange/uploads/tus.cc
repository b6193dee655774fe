#include "exchange/uploads/tus.h"

#include <optional>

#include "base/hash.h"
#include "base/text.h"
#include "exchange/uploads/refusals.h"
#include "http/answer.h"
#include "http/problem.h"

namespace exchange::uploads {
namespace {

using base::Code;
using base::Error;
using base::Result;
using http::Head;
using http::Method;
using http::Response;

constexpr std::string_view kExtensions =
    "creation,creation-with-upload,creation-defer-length,expiration,termination,checksum,"
    "concatenation";

Error bad_header(std::string_view name, std::string_view en, std::string_view vi) {
  return {Code::invalid, "exchange.upload_bad_header", std::string(name) + " " + std::string(en),
          std::string(name) + " " + std::string(vi)};
}

Error not_a_number(std::string_view name) {
  return bad_header(name, "must be a whole number, 0 or more", "phải là số nguyên không âm");
}

Result<std::optional<std::uint64_t>> number(const Head& head, std::string_view name) {
  std::optional<std::uint64_t> found;
  if (!head.headers.has(name)) return found;
  const auto value = base::parse_int(head.headers[name]);
  if (!value || *value < 0) return not_a_number(name);
  found = static_cast<std::uint64_t>(*value);
  return found;
}

Result<void> check_version(const Head& head) {
  if (head.headers["Tus-Resumable"] == Tus::kVersion) return base::done();
  return Error(Code::invalid, "exchange.upload_version",
               "Tus-Resumable must be 1.0.0, the only version spoken here",
               "Tus-Resumable phải là 1.0.0, phiên bản duy nhất được hỗ trợ");
}

Result<void> check_type(const Head& head) {
  if (base::equal_ignoring_case(base::trim(head.headers["Content-Type"]), Tus::kBodyType)) {
    return base::done();
  }
  return Error(Code::invalid, "exchange.upload_content_type",
               "Content-Type must be application/offset+octet-stream",
               "Content-Type phải là application/offset+octet-stream");
}

Response refusal(const Head& head, const Error& error) {
  Response response =
      http::problem(error, {.instance = head.target, .status = prescribed_status(error.reason())});
  response.headers.set("Tus-Resumable", std::string(Tus::kVersion));
  if (response.status == 412) response.headers.set("Tus-Version", std::string(Tus::kVersion));
  response.headers.set("Cache-Control", "no-store");
  return response;
}

Response answer(int status) {
  Response response;
  response.status = status;
  response.headers.add("Cache-Control", "no-store");
  return response;
}

void add_state(Response& response, const Upload& upload) {
  response.headers.add("Upload-Offset", std::to_string(upload.offset));
  response.headers.add("Upload-Expires",
                       http::http_date(base::to_micros(upload.expires_at) / 1'000'000));
}

// What `Upload-Checksum: sha256 BASE64` says of a body.
class Checksum {
 public:
  static Result<std::optional<Checksum>> of(const Head& head) {
    std::optional<Checksum> none;
    const std::string_view header = head.headers["Upload-Checksum"];
    if (header.empty()) return none;
    const auto words = base::split(header, ' ');
    if (words.size() != 2 || (words[0] != "sha1" && words[0] != "sha256")) {
      return bad_header("Upload-Checksum", "must be sha1 or sha256, a space and base64",
                        "phải gồm sha1 hoặc sha256, dấu cách và chuỗi base64");
    }
    const auto digest = base::from_base64(words[1]);
    if (!digest || digest->size() != (words[0] == "sha1" ? 20 : 32)) {
      return bad_header("Upload-Checksum", "has a digest of the wrong length",
                        "có giá trị băm sai độ dài");
    }
    return std::optional<Checksum>(Checksum(*digest));
  }
  void update(base::BytesView bytes) { sha1_ ? sha1_->update(bytes) : sha256_->update(bytes); }
  Result<void> verify() {
    if ((sha1_ ? sha1_->finish() : sha256_->finish()) == expected_) return base::done();
    return Error(Code::invalid, "exchange.upload_checksum",
                 "the bytes do not match Upload-Checksum and were thrown away; send them again",
                 "dữ liệu không khớp Upload-Checksum nên đã bỏ; hãy gửi lại đoạn này");
  }

 private:
  explicit Checksum(base::Bytes expected) : expected_(std::move(expected)) {
    if (expected_.size() == 20) {
      sha1_ = std::make_unique<base::Sha1>();
    } else {
      sha256_ = std::make_unique<base::Sha256>();
    }
  }
  base::Bytes expected_;
  std::unique_ptr<base::Sha1> sha1_;
  std::unique_ptr<base::Sha256> sha256_;
};

Result<void> check_key(std::string_view key,
                       const std::vector<std::pair<std::string, std::string>>& before) {
  for (const char c : key) {
    if (c < 0x21 || c > 0x7e) return upload_bad_metadata("keys are ASCII", "khóa phải là ASCII");
  }
  for (const auto& [other, value] : before) {
    if (other == key) return upload_bad_metadata("a key comes twice", "có khóa bị lặp");
  }
  return base::done();
}

}  // namespace

int prescribed_status(std::string_view reason) {
  constexpr std::pair<std::string_view, int> kPrescribed[] = {
      {"exchange.upload_version", 412},    {"exchange.upload_content_type", 415},
      {"exchange.upload_checksum", 460},   {"exchange.upload_busy", 423},
      {"exchange.upload_taken_over", 423}, {"store.disk_full", 507},
      {"exchange.upload_method", 405},
  };
  for (const auto& [prescribed, status] : kPrescribed) {
    if (prescribed == reason) return status;
  }
  return 0;
}

Result<std::vector<std::pair<std::string, std::string>>> parse_metadata(std::string_view header) {
  std::vector<std::pair<std::string, std::string>> pairs;
  if (base::trim(header).empty()) return pairs;
  for (const std::string_view item : base::split(header, ',')) {
    const std::string_view pair = base::trim(item);
    const std::size_t space = std::min(pair.find(' '), pair.size());
    const std::string_view key = pair.substr(0, space);
    if (key.empty()) return upload_bad_metadata("a key is empty", "có khóa trống");
    TRY(check_key(key, pairs));
    const auto value = base::from_base64(base::trim(pair.substr(space)));
    if (!value) return upload_bad_metadata("a value is not base64", "có giá trị không phải base64");
    pairs.emplace_back(key, *value);
  }
  return pairs;
}

// Takes the body of a PATCH, or of a POST that brings the first bytes along.
class Tus::Sink : public http::BodySink {
 public:
  Sink(Uploads& uploads, Owner owner, std::unique_ptr<Append> append,
       std::optional<Checksum> checksum, bool creating)
      : uploads_(uploads),
        owner_(std::move(owner)),
        append_(std::move(append)),
        checksum_(std::move(checksum)),
        creating_(creating) {}
  // A caller who has not been told where its new upload is cannot go on with it.
  ~Sink() override {
    if (!creating_ || finished_) return;
    const std::string id = append_->id();
    append_.reset();
    static_cast<void>(uploads_.terminate(owner_, id));
  }
  Result<void> write(base::BytesView chunk) override {
    if (checksum_) checksum_->update(chunk);
    return append_->write(chunk);
  }
  Result<Upload> finish() {
    if (checksum_) TRY(checksum_->verify());
    Upload upload = TRY(append_->finish());
    finished_ = true;
    return upload;
  }

 private:
  Uploads& uploads_;
  const Owner owner_;
  std::unique_ptr<Append> append_;
  std::optional<Checksum> checksum_;
  const bool creating_;
  bool finished_ = false;
};

Tus::Tus(Uploads& uploads, Whose whose, std::string prefix)
    : uploads_(uploads),
      whose_(std::move(whose)),
      prefix_(std::move(prefix)),
      below_(prefix_ + "/**") {}

std::string Tus::id_of(std::string_view path) const {
  return std::string(path.substr(std::min(path.size(), prefix_.size() + 1)));
}

Result<Upload> Tus::begin(const Head& head, const Owner& owner) {
  const std::string_view concat = head.headers["Upload-Concat"];
  if (!concat.empty() && concat != "partial") {
    return bad_header("Upload-Concat", "must be partial, or final; and the parts",
                      "phải là partial, hoặc final; kèm các phần");
  }
  const auto size = TRY(number(head, "Upload-Length"));
  const std::string_view deferred = head.headers["Upload-Defer-Length"];
  if (!deferred.empty() && deferred != "1") {
    return bad_header("Upload-Defer-Length", "must be 1", "phải là 1");
  }
  if (size.has_value() == !deferred.empty()) {
    return bad_header("Upload-Length", "or Upload-Defer-Length is needed, and not both",
                      "hoặc Upload-Defer-Length: cần đúng một trong hai");
  }
  TRY(parse_metadata(head.headers["Upload-Metadata"]));
  return uploads_.create(owner, size, head.headers["Upload-Metadata"], concat);
}

Result<Upload> Tus::join(const Head& head, const Owner& owner) {
  const std::string_view concat = head.headers["Upload-Concat"];
  std::vector<std::string> ids;
  for (const std::string_view address : base::split(concat.substr(6), ' ')) {
    if (!base::trim(address).empty()) ids.emplace_back(address.substr(address.rfind('/') + 1));
  }
  if (ids.empty()) return bad_header("Upload-Concat", "names no parts", "không nêu phần nào");
  if (head.headers.has("Upload-Length")) {
    return bad_header("Upload-Length", "does not go with final uploads", "không dùng cho tệp ghép");
  }
  TRY(parse_metadata(head.headers["Upload-Metadata"]));
  return uploads_.join(owner, ids, head.headers["Upload-Metadata"], concat);
}

Tus::Opened Tus::open_creation(const Head& head) {
  if (base::equal_ignoring_case(head.headers["X-HTTP-Method-Override"], "PATCH")) {
    return open_patch(head);
  }
  // Without a body it is for create() alone.
  if (head.body_bytes == 0) return std::unique_ptr<http::BodySink>();
  TRY(check_version(head));
  const Owner owner = TRY(whose_(head, {}));
  TRY(check_type(head));
  if (head.headers["Upload-Concat"].starts_with("final;")) {
    return bad_header("Upload-Concat", "final takes no body", "final không kèm nội dung");
  }
  auto checksum = TRY(Checksum::of(head));
  const Upload upload = TRY(begin(head, owner));
  auto append = TRY(uploads_.append(owner, upload.id, 0, checksum.has_value()));
  return std::unique_ptr<http::BodySink>(
      std::make_unique<Sink>(uploads_, owner, std::move(append), std::move(checksum), true));
}

Tus::Opened Tus::open_patch(const Head& head) {
  TRY(check_version(head));
  const std::string id = id_of(head.path);
  const Owner owner = TRY(whose_(head, id));
  TRY(check_type(head));
  const auto offset = TRY(number(head, "Upload-Offset"));
  if (!offset) return not_a_number("Upload-Offset");
  auto checksum = TRY(Checksum::of(head));
  if (const auto size = TRY(number(head, "Upload-Length"))) TRY(uploads_.declare(owner, id, *size));
  auto append = TRY(uploads_.append(owner, id, *offset, checksum.has_value()));
  return std::unique_ptr<http::BodySink>(
      std::make_unique<Sink>(uploads_, owner, std::move(append), std::move(checksum), false));
}

Response Tus::created(const Upload& upload) const {
  Response response = answer(201);
  response.headers.add("Location", prefix_ + "/" + upload.id);
  add_state(response, upload);
  return response;
}

Result<Response> Tus::create(const Head& head, http::BodySink* sink) {
  const std::string method = base::lower_ascii(head.headers["X-HTTP-Method-Override"]);
  if (method == "patch") return patch(head, sink);
  if (method == "delete") return terminate(head);
  if (method == "head") return look(head);
  if (!id_of(head.path).empty()) {
    return Error(Code::invalid, "exchange.upload_method", "POST goes to " + prefix_,
                 "POST phải gửi tới " + prefix_);
  }
  if (sink != nullptr) return created(TRY(dynamic_cast<Sink&>(*sink).finish()));
  TRY(check_version(head));
  const Owner owner = TRY(whose_(head, {}));
  const bool joined = head.headers["Upload-Concat"].starts_with("final;");
  return created(joined ? TRY(join(head, owner)) : TRY(begin(head, owner)));
}

Result<Response> Tus::patch(const Head& head, http::BodySink* sink) {
  std::unique_ptr<http::BodySink> opened;
  if (sink == nullptr) {
    opened = TRY(open_patch(head));
    sink = opened.get();
  }
  const Upload upload = TRY(dynamic_cast<Sink&>(*sink).finish());
  Response response = answer(204);
  add_state(response, upload);
  return response;
}

Result<Response> Tus::look(const Head& head) {
  TRY(check_version(head));
  const std::string id = id_of(head.path);
  const Owner owner = TRY(whose_(head, id));
  const Upload upload = TRY(uploads_.find(owner, id));
  Response response = answer(200);
  add_state(response, upload);
  if (upload.size) {
    response.headers.add("Upload-Length", std::to_string(*upload.size));
  } else {
    response.headers.add("Upload-Defer-Length", "1");
  }
  if (!upload.metadata.empty()) response.headers.add("Upload-Metadata", upload.metadata);
  if (!upload.concat.empty()) response.headers.add("Upload-Concat", upload.concat);
  return response;
}

Result<Response> Tus::terminate(const Head& head) {
  TRY(check_version(head));
  const std::string id = id_of(head.path);
  const Owner owner = TRY(whose_(head, id));
  TRY(uploads_.terminate(owner, id));
  return answer(204);
}

Response Tus::abilities() const {
  Response response = answer(204);
  response.headers.add("Tus-Version", std::string(kVersion));
  response.headers.add("Tus-Max-Size", std::to_string(uploads_.options().upload_bytes_max));
  response.headers.add("Tus-Extension", std::string(kExtensions));
  response.headers.add("Tus-Checksum-Algorithm", "sha1,sha256");
  return response;
}

http::Route Tus::route(Method method, const std::string& path, std::string_view summary,
                       Handler handler) {
  http::Route made{method, path, http::Permission::caller, 64 * 1024, nullptr, summary};
  made.handler = [handler = std::move(handler)](http::Request& request) {
    auto response = handler(request);
    if (!response.ok()) return refusal(request, response.error());
    response->headers.set("Tus-Resumable", std::string(kVersion));
    return std::move(response).value();
  };
  made.refuse = refusal;
  return made;
}

std::vector<http::Route> Tus::routes() {
  const auto bytes = [this](http::Route made, Opened (Tus::*open)(const Head&)) {
    made.body_bytes_max = uploads_.options().upload_bytes_max;
    made.open_body = [this, open](const Head& head) { return (this->*open)(head); };
    made.keeps_partial_body = true;
    return made;
  };
  const auto options = [this](const std::string& path) {
    return route(Method::options, path, "what uploads can do here",
                 [this](http::Request&) -> Result<Response> { return abilities(); });
  };
  const Handler create = [this](auto& asked) { return this->create(asked, asked.sink.get()); };
  constexpr std::string_view kBegin = "begin an upload";
  return {
      options(prefix_),
      options(below_),
      bytes(route(Method::post, prefix_, kBegin, create), &Tus::open_creation),
      bytes(route(Method::post, below_, kBegin, create), &Tus::open_creation),
      bytes(route(Method::patch, below_, "go on with an upload",
                  [this](auto& asked) { return patch(asked, asked.sink.get()); }),
            &Tus::open_patch),
      route(Method::head, below_, "how far an upload is",
            [this](auto& asked) { return look(asked); }),
      route(Method::del, below_, "give an upload up",
            [this](auto& asked) { return terminate(asked); }),
  };
}

}  // namespace exchange::uploads
