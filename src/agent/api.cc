#include "agent/api.h"

#include <algorithm>
#include <string_view>

#include "base/text.h"
#include "base/time.h"
#include "http/client.h"

namespace agent {
namespace {

using base::Code;

constexpr std::size_t kRefusalBytesMax = 64 << 10;
constexpr std::uint64_t kAnswerBytesMax = 64 << 20;
constexpr std::int64_t kTokenMarginMicros = 30'000'000;
constexpr int kConnectMs = 10000, kIdleMs = 60000;

base::Error stopped() {
  return base::Error(Code::unavailable, "agent.stopping", "the agent is being stopped",
                     "chương trình đang dừng");
}

class FileBody : public http::BodySource {
 public:
  FileBody(std::unique_ptr<base::File> file, std::uint64_t size, const std::atomic<bool>& stopping)
      : file_(std::move(file)), size_(size), stopping_(stopping) {}
  std::uint64_t size() const override { return size_; }
  base::Result<std::size_t> read(char* to, std::size_t size) override {
    if (stopping_) return stopped();
    const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(size, size_ - at_));
    const std::size_t got = TRY(file_->read_at(at_, to, most));
    at_ += got;
    return got;
  }

 private:
  const std::unique_ptr<base::File> file_;
  const std::uint64_t size_;
  const std::atomic<bool>& stopping_;
  std::uint64_t at_ = 0;
};

// Lets a good answer through and keeps a refusal.
class GoodOnly : public http::BodySink {
 public:
  GoodOnly(http::BodySink& to, const std::atomic<bool>& stopping) : to_(to), stopping_(stopping) {}
  base::Result<void> write(base::BytesView chunk) override {
    if (stopping_) return stopped();
    if (good) return to_.write(chunk);
    refusal.append(chunk.substr(0, kRefusalBytesMax - refusal.size()));
    return base::done();
  }
  bool good = false;
  std::string refusal;

 private:
  http::BodySink& to_;
  const std::atomic<bool>& stopping_;
};

std::string form_value(std::string_view text) {
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) {
      out += c;
    } else {
      out += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return out;
}

Answer answer_of(const http::Response& response, std::string_view body) {
  Answer answer;
  answer.status = response.status;
  if (auto json = base::Json::parse(body)) answer.json = std::move(json).value();
  answer.retry_s = static_cast<int>(std::clamp<std::int64_t>(
      base::parse_int(response.headers["Retry-After"]).value_or(0), 0, 3600));
  if (answer.ok()) return answer;
  answer.reason = answer.json["reason"].text();
  answer.text.en = answer.json["detail_en"].text().empty() ? answer.json["detail"].text()
                                                           : answer.json["detail_en"].text();
  answer.text.vi = answer.json["detail_vi"].text();
  const std::string status = "HTTP " + std::to_string(answer.status);
  if (answer.text.en.empty()) answer.text.en = "the server answered " + status;
  if (answer.text.vi.empty()) answer.text.vi = "máy chủ trả lời " + status;
  return answer;
}

class HttpApi : public Api {
 public:
  HttpApi(base::FileSystem& files, const Settings& settings, http::Url url,
          const std::atomic<bool>& stopping)
      : files_(files), settings_(settings), stopping_(stopping) {
    http::Client::Options options;
    options.url = std::move(url);
    options.trust_file = settings.trust_file;
    options.connect_timeout_ms = kConnectMs;
    options.idle_timeout_ms = kIdleMs;
    client_ = http::Client::create(std::move(options));
  }
  base::Result<Answer> get(const std::string& path) override {
    return call([&](http::Client::Exchange& what) -> base::Result<void> {
      what.path = path;
      return base::done();
    });
  }
  base::Result<Answer> post(const std::string& path, const base::Json& body,
                            const std::string& key) override {
    const std::string text = body.dump();
    return call([&](http::Client::Exchange& what) -> base::Result<void> {
      what.method = http::Method::post;
      what.path = path;
      what.headers.add("Content-Type", "application/json");
      if (!key.empty()) what.headers.add("Idempotency-Key", key);
      what.body = text;
      return base::done();
    });
  }
  base::Result<Answer> submit(const std::string& path, const std::string& key) override;
  base::Result<Answer> content(const std::string& document, http::BodySink& sink) override;

 private:
  base::Result<std::string> authorization();
  // Makes the call that `prepare` fills in, once more with a new token where the old one no longer
  // holds.
  template <class Prepare>
  base::Result<Answer> call(const Prepare& prepare) {
    for (bool again = !settings_.client_id.empty();; again = false) {
      http::Client::Exchange what;
      what.answer_bytes_max = kAnswerBytesMax;
      TRY(prepare(what));
      std::string authorized = TRY(authorization());
      what.headers.add("Authorization", std::move(authorized));
      what.headers.add("Accept-Language", "en");
      const http::Response response = TRY(client_->exchange(what));
      if (response.status != 401 || !again) return answer_of(response, response.body);
      token_until_ = 0;
    }
  }

  base::FileSystem& files_;
  const Settings& settings_;
  const std::atomic<bool>& stopping_;
  std::unique_ptr<http::Client> client_;
  std::string token_;
  std::int64_t token_until_ = 0;  // base::monotonic_micros()
};

base::Result<std::string> HttpApi::authorization() {
  if (!settings_.api_key.empty()) return "Bearer " + settings_.api_key;
  if (base::monotonic_micros() < token_until_) return "Bearer " + token_;
  const std::string form =
      "grant_type=client_credentials&client_id=" + form_value(settings_.client_id) +
      "&client_secret=" + form_value(settings_.client_secret);
  http::Client::Exchange what;
  what.method = http::Method::post;
  what.path = "/oauth/token";
  what.headers.add("Content-Type", "application/x-www-form-urlencoded");
  what.body = form;
  const http::Response response = TRY(client_->exchange(what));
  const Answer answer = answer_of(response, response.body);
  token_ = answer.json["access_token"].text();
  if (!answer.ok() || token_.empty()) {
    const std::string said(answer.json["error"].text());
    return base::Error(
        Code::unavailable, "agent.no_token",
        "the server gave no token (" + said + "); check [credential] in agent.toml",
        "máy chủ không cấp token (" + said + "); hãy kiểm tra [credential] trong agent.toml");
  }
  token_until_ = base::monotonic_micros() + answer.json["expires_in"].integer(60) * 1'000'000 -
                 kTokenMarginMicros;
  return "Bearer " + token_;
}

base::Result<Answer> HttpApi::submit(const std::string& path, const std::string& key) {
  std::unique_ptr<FileBody> body;
  return call([&](http::Client::Exchange& what) -> base::Result<void> {
    auto file = TRY(files_.open(path, base::FileSystem::Mode::read));
    const std::uint64_t size = TRY(file->size());
    body = std::make_unique<FileBody>(std::move(file), size, stopping_);
    what.method = http::Method::post;
    what.path = "/api/v1/submissions";
    what.headers.add("Content-Type", "application/edxml+xml");
    what.headers.add("Idempotency-Key", key);
    what.source = body.get();
    return base::done();
  });
}

base::Result<Answer> HttpApi::content(const std::string& document, http::BodySink& sink) {
  GoodOnly gate(sink, stopping_);
  auto answer = call([&](http::Client::Exchange& what) -> base::Result<void> {
    gate.refusal.clear();
    what.path = "/api/v1/documents/" + document + "/content";
    what.sink = &gate;
    what.head = [&gate](const http::Response& head) -> base::Result<void> {
      gate.good = head.status == 200;
      return base::done();
    };
    return base::done();
  });
  if (!answer || answer->ok()) return answer;
  http::Response refused;
  refused.status = answer->status;
  Answer read = answer_of(refused, gate.refusal);
  read.retry_s = answer->retry_s;
  return read;
}

}  // namespace

bool Answer::final() const {
  if (status < 400 || status >= 500 || reason.empty()) return false;
  if (status == 401 || status == 408 || status == 425 || status == 429) return false;
  if (status == 413 && reason == "http.body_too_large") return true;
  return !reason.starts_with("identity.") && reason != "rest.key_in_use" &&
         !reason.starts_with("http.");
}

bool Answer::own() const {
  if (ok() || final()) return false;
  return status == 403 || status == 413 || status == 500 || reason == "rest.key_in_use";
}

base::Result<std::unique_ptr<Api>> connect(base::FileSystem& files, const Settings& settings,
                                           const std::atomic<bool>& stopping) {
  http::Url url = TRY(http::Url::parse(settings.url));
  return std::unique_ptr<Api>(std::make_unique<HttpApi>(files, settings, std::move(url), stopping));
}

}  // namespace agent
