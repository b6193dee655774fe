#include "exchange/vxp/client.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "base/hash.h"
#include "base/text.h"

namespace exchange::vxp {
namespace {

constexpr std::string_view kJsonType = "application/json";
constexpr std::string_view kFileType = "application/octet-stream";

base::Result<base::Json> checked(const http::Response& response) {
  auto json = base::Json::parse(response.body);
  if (!json || !json->is_object() || !json->has("status")) {
    return base::Error(base::Code::unavailable, "vxp.answer_malformed",
                       "the server's answer is not one of this protocol (HTTP " +
                           std::to_string(response.status) + "); is the address right?",
                       "Máy chủ trả lời không đúng giao thức (HTTP " +
                           std::to_string(response.status) + "); hãy kiểm tra địa chỉ");
  }
  if ((*json)["status"].text() == "OK") return *std::move(json);
  const std::string code((*json)["ErrorCode"].is_string()
                             ? std::string((*json)["ErrorCode"].text())
                             : std::to_string((*json)["ErrorCode"].integer()));
  const std::string text((*json)["ErrorDesc"].text());
  return base::Error(code == "20" ? base::Code::unavailable : base::Code::invalid, "vxp.refused",
                     "the server refused (" + code + "): " + text,
                     "Máy chủ từ chối (" + code + "): " + text);
}

// A file with the SDK's line end after it.
class FileBody : public http::BodySource {
 public:
  FileBody(const Client::ReadAt& read, std::uint64_t size) : read_(read), size_(size) {}
  std::uint64_t size() const override { return size_ + 2; }
  base::Result<std::size_t> read(char* to, std::size_t size) override {
    if (at_ < size_) {
      const std::size_t got =
          TRY(read_(at_, to, static_cast<std::size_t>(std::min<std::uint64_t>(size, size_ - at_))));
      at_ += got;
      return got;
    }
    std::size_t put = 0;
    while (put < size && at_ < size_ + 2) to[put++] = at_++ == size_ ? '\r' : '\n';
    return put;
  }

 private:
  const Client::ReadAt& read_;
  const std::uint64_t size_;
  std::uint64_t at_ = 0;
};

// Takes the "data" member out of getEdoc's answer as it streams by, decoding its base64. Everything
// else (at most 64 KiB) is kept: it is the answer.
class EdocAnswer : public http::BodySink {
 public:
  explicit EdocAnswer(const std::function<base::Result<void>(base::BytesView)>& out) : out_(out) {}

  base::Result<void> write(base::BytesView chunk) override {
    while (!chunk.empty()) {
      if (in_data_) {
        const auto end = chunk.find('"');
        TRY(take(chunk.substr(0, end)));
        if (end == base::BytesView::npos) return base::done();
        chunk.remove_prefix(end);
        in_data_ = false;
        TRY(flush(true));
      } else {
        rest_ += chunk.front();
        chunk.remove_prefix(1);
        if (rest_.size() > kRestMax) {
          return base::Error(base::Code::invalid, "vxp.answer_malformed", "the answer is too large",
                             "Câu trả lời quá lớn");
        }
        in_data_ = begins_data();
      }
    }
    return base::done();
  }
  const std::string& rest() const { return rest_; }

 private:
  static constexpr std::size_t kRestMax = 64 * 1024;

  bool begins_data() const {
    if (rest_.empty() || rest_.back() != '"') return false;
    std::string_view before = base::trim(std::string_view(rest_).substr(0, rest_.size() - 1));
    if (before.empty() || before.back() != ':') return false;
    return base::trim(before.substr(0, before.size() - 1)).ends_with("\"data\"");
  }
  base::Result<void> take(base::BytesView text) {
    for (const char c : text) {
      // Line breaks come escaped within JSON, and some writers escape '=' as \u003d; URL-safe
      // base64 is accepted (§4.3).
      if (hex_left_ > 0) {
        hex_ += c;
        if (--hex_left_ == 0) text_ += static_cast<char>(std::strtol(hex_.c_str(), nullptr, 16));
      } else if (escaped_) {
        escaped_ = false;
        if (c == '/') text_ += c;
        if (c == 'u') {
          hex_left_ = 4;
          hex_.clear();
        }
      } else if (c == '\\') {
        escaped_ = true;
      } else {
        text_ += c == '-' ? '+' : c == '_' ? '/' : c;
      }
    }
    return flush(false);
  }
  base::Result<void> flush(bool last) {
    while (last && text_.size() % 4 != 0) text_ += '=';
    const std::size_t whole = text_.size() / 4 * 4;
    if (whole == 0) return base::done();
    const auto bytes = base::from_base64(std::string_view(text_).substr(0, whole));
    if (!bytes) {
      return base::Error(base::Code::invalid, "vxp.answer_malformed", "the document is not base64",
                         "Nội dung văn bản không phải base64");
    }
    text_.erase(0, whole);
    return out_(*bytes);
  }

  const std::function<base::Result<void>(base::BytesView)>& out_;
  std::string rest_, text_, hex_;
  int hex_left_ = 0;
  bool in_data_ = false, escaped_ = false;
};

}  // namespace

base::Result<std::unique_ptr<Client>> Client::create(Options options, const base::Clock& clock) {
  http::Client::Options http_options;
  http_options.url = TRY(http::Url::parse(options.url));
  http_options.trust_file = options.trust_file;
  auto http = http::Client::create(std::move(http_options));
  return std::unique_ptr<Client>(new Client(std::move(options), std::move(http), clock));
}

Parameters Client::with_common(const Parameters& parameters, std::string_view content_type) const {
  Parameters all;
  all.add("systemid", options_.system);
  for (const auto& [name, value] : parameters.all()) all.add(name, value);
  all.add("timestamp", timestamp_text(clock_.now()));
  all.add("Content-Type", std::string(content_type));
  return all;
}

http::Headers Client::headers_for(const Parameters& parameters,
                                  std::string_view content_type) const {
  http::Headers headers = signed_headers(with_common(parameters, content_type), options_.secret);
  headers.add("Content-Type", std::string(content_type));
  headers.add("User-Agent", "truc");
  headers.add("XroadVnpt-version", "3.0.201608");
  return headers;
}

base::Result<base::Json> Client::call(std::string_view name, const Parameters& parameters,
                                      std::string_view body) {
  http::Client::Exchange what;
  what.method = http::Method::post;
  what.path = "/" + std::string(name);
  what.headers = headers_for(parameters, kJsonType);
  what.body = body;
  return checked(TRY(http_->exchange(what)));
}

base::Result<base::Json> Client::send(const ReadAt& read, std::uint64_t size,
                                      base::BytesView digest, std::string_view from, bool status) {
  Parameters parameters;
  parameters.add("servicetype", "eDoc");
  parameters.add("messagetype", status ? "status" : "edoc");
  parameters.add("hash-file", unpadded_hex(digest));
  parameters.add("from", std::string(from));
  FileBody body(read, size);
  http::Client::Exchange what;
  what.method = http::Method::post;
  what.path = "/sendEdoc";
  what.headers = headers_for(parameters, kFileType);
  what.source = &body;
  what.progress = options_.progress;
  return checked(TRY(http_->exchange(what)));
}

base::Result<void> Client::fetch(std::string_view id,
                                 const std::function<base::Result<void>(base::BytesView)>& out) {
  Parameters parameters;
  parameters.add("docId", std::string(id));
  EdocAnswer answer(out);
  http::Client::Exchange what;
  what.method = http::Method::post;
  what.path = "/getEdoc";
  what.headers = headers_for(parameters, kJsonType);
  what.body = "{}";
  what.sink = &answer;
  what.progress = options_.progress;
  http::Response response = TRY(http_->exchange(what));
  if (response.body.empty()) response.body = answer.rest();
  TRY(checked(response));
  return base::done();
}

}  // namespace exchange::vxp
