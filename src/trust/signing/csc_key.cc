#include "trust/signing/csc_key.h"

#include <algorithm>
#include <iterator>
#include <mutex>
#include <optional>

#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"
#include "trust/certificate.h"
#include "trust/connections.h"
#include "trust/signing/public_key.h"

namespace trust::signing {
namespace {

constexpr std::string_view kSha256 = "2.16.840.1.101.3.4.2.1";
constexpr std::string_view kRsaSha256 = "1.2.840.113549.1.1.11";
constexpr std::string_view kEcdsaSha256 = "1.2.840.10045.4.3.2";
constexpr std::size_t kAnswerBytesMax = 4u << 20;
constexpr int kMultisignMax = 10'000;

base::Error unavailable(const std::string& why) {
  return {base::Code::unavailable, "trust.key_unavailable",
          "The signing service does not answer well: " + why,
          "Dịch vụ ký số từ xa không trả lời đúng: " + why};
}

base::Error refused(const std::string& why) {
  return {base::Code::forbidden, "trust.key_refused",
          "The signing service refuses: " + why + ". Check the PIN, the account and its rights.",
          "Dịch vụ ký số từ xa từ chối: " + why + ". Hãy kiểm tra mã PIN, tài khoản và quyền."};
}

base::Error unusable(const std::string& en, const std::string& vi) {
  return {base::Code::invalid, "trust.key_malformed", "The remote key cannot be used: " + en,
          "Không dùng được khóa từ xa: " + vi};
}

// "invalid_pin: The PIN is wrong"
std::string said(const http::Response& response) {
  std::string out = "HTTP " + std::to_string(response.status);
  const auto json = base::Json::parse(response.body);
  if (!json.ok()) return out;
  const std::string_view error = (*json)["error"].text(),
                         description = (*json)["error_description"].text();
  if (!error.empty()) out = std::string(base::cut_utf8(error, 100));
  if (!description.empty()) out += ": " + std::string(base::cut_utf8(description, 200));
  return out;
}

std::string form_text(std::string_view text) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (plain || c == '-' || c == '.' || c == '_' || c == '~') {
      out += c;
    } else {
      out += '%';
      out += kHex[static_cast<unsigned char>(c) >> 4];
      out += kHex[static_cast<unsigned char>(c) & 15];
    }
  }
  return out;
}

class CscKey : public SigningKey {
 public:
  explicit CscKey(CscOptions options)
      : options_(std::move(options)),
        connections_(options_.url, options_.trust_file, options_.timeout_ms),
        token_(options_.bearer) {}

  base::Result<void> begin() {
    base::Json ask;
    ask.add("credentialID", options_.credential);
    ask.add("certificates", "chain");
    ask.add("certInfo", true);
    ask.add("authInfo", true);
    const base::Json info = TRY(call("/credentials/info", ask));
    for (const base::Json& one : info["cert"]["certificates"].array()) {
      const auto der = base::from_base64(one.text());
      if (!der || !read_certificate(*der)) {
        return unusable("its certificate cannot be read.", "không đọc được chứng thư số.");
      }
      certificates_.push_back(*der);
    }
    if (certificates_.empty()) {
      return unusable("the service gives no certificate.", "dịch vụ không trả chứng thư số.");
    }
    const std::string_view status = info["key"]["status"].text();
    if (!status.empty() && status != "enabled") {
      return refused("the key is " + std::string(base::cut_utf8(status, 40)));
    }
    public_key_ = TRY(SigningKey::public_key());
    kind_ = TRY(kind_of(public_key_));
    if (kind_.algorithm == KeyAlgorithm::ed25519) {
      return unusable("Ed25519 signs no digests.", "Ed25519 không ký trên giá trị băm.");
    }
    multisign_ = static_cast<std::size_t>(
        std::clamp<std::int64_t>(info["multisign"].integer(1), 1, kMultisignMax));
    return base::done();
  }

  KeyAlgorithm algorithm() const override { return kind_.algorithm; }
  int bits() const override { return kind_.bits; }
  const std::vector<base::Bytes>& certificates() const override { return certificates_; }
  base::Result<base::Bytes> public_key() const override { return public_key_; }

  base::Result<std::vector<base::Bytes>> sign(const std::vector<base::Bytes>& digests) override {
    std::vector<base::Bytes> out;
    for (std::size_t at = 0; at < digests.size(); at += multisign_) {
      const std::size_t count = std::min(multisign_, digests.size() - at);
      const auto from = digests.begin() + static_cast<std::ptrdiff_t>(at);
      const std::vector<base::Bytes> some(from, from + static_cast<std::ptrdiff_t>(count));
      std::vector<base::Bytes> signatures = TRY(sign_some(some));
      std::move(signatures.begin(), signatures.end(), std::back_inserter(out));
    }
    return out;
  }

 private:
  base::Result<std::vector<base::Bytes>> sign_some(const std::vector<base::Bytes>& digests) {
    base::Json::Array hashes;
    for (const base::Bytes& digest : digests) hashes.push_back(base::base64(digest));
    const std::string sad = TRY(authorise(hashes));
    base::Json ask;
    ask.add("credentialID", options_.credential);
    if (!sad.empty()) ask.add("SAD", sad);
    ask.add("hashes", hashes);
    ask.add("hashAlgorithmOID", kSha256);
    ask.add("signAlgo", kind_.algorithm == KeyAlgorithm::rsa ? kRsaSha256 : kEcdsaSha256);
    ask.add("operationMode", "S");
    const base::Json answer = TRY(call("/signatures/signHash", ask));
    const base::Json::Array& signatures = answer["signatures"].array();
    if (signatures.size() != digests.size()) {
      return unavailable("it gives " + std::to_string(signatures.size()) + " signatures for " +
                         std::to_string(digests.size()) + " digests.");
    }
    std::vector<base::Bytes> out;
    for (std::size_t i = 0; i < digests.size(); ++i) {
      base::Bytes signature = base::from_base64(signatures[i].text()).value_or("");
      // Some services give ECDSA signatures as r and s side by side.
      if (kind_.algorithm != KeyAlgorithm::rsa && !verifies(public_key_, digests[i], signature)) {
        signature = ecdsa_der(signature);
      }
      if (!verifies(public_key_, digests[i], signature)) {
        return unavailable("its signature does not verify.");
      }
      out.push_back(std::move(signature));
    }
    return out;
  }

  // The SAD for exactly these digests.
  base::Result<std::string> authorise(const base::Json::Array& hashes) {
    base::Json ask;
    ask.add("credentialID", options_.credential);
    ask.add("numSignatures", static_cast<std::int64_t>(hashes.size()));
    ask.add("hashes", hashes);
    ask.add("hashAlgorithmOID", kSha256);
    base::Json::Array proofs;
    const auto prove = [&](std::string_view id, std::string_view value) {
      base::Json one;
      one.add("id", id);
      one.add("value", value);
      proofs.push_back(std::move(one));
    };
    if (!options_.pin.empty()) prove("PIN", options_.pin);
    if (options_.one_time_password) {
      const std::string password = TRY(options_.one_time_password());
      prove("OTP", password);
    }
    if (!proofs.empty()) ask.add("authData", std::move(proofs));
    // One at a time, so that a wrong PIN is sent once.
    const std::lock_guard lock(authorising_);
    if (pin_refused_) return *pin_refused_;
    auto answer = call("/credentials/authorize", ask);
    if (answer.ok()) return std::string((*answer)["SAD"].text());
    if (answer.error().code() == base::Code::forbidden && !options_.pin.empty() &&
        !options_.one_time_password) {
      pin_refused_.emplace(answer.error());
    }
    return std::move(answer).error();
  }

  base::Result<base::Json> call(const std::string& path, const base::Json& ask) {
    for (int attempt = 0;; ++attempt) {
      const std::string token = TRY(access_token(attempt > 0));
      const std::string body = ask.dump();
      http::Client::Exchange exchange;
      exchange.method = http::Method::post;
      exchange.path = path;
      exchange.headers.add("Content-Type", "application/json");
      exchange.headers.add("Accept", "application/json");
      if (!token.empty()) exchange.headers.add("Authorization", "Bearer " + token);
      exchange.body = body;
      const http::Response response = TRY(send(std::move(exchange)));
      if (response.status == 401 && attempt == 0 && renews()) continue;
      return read(response);
    }
  }

  base::Result<http::Response> send(http::Client::Exchange exchange) {
    exchange.answer_bytes_max = kAnswerBytesMax;
    auto response = connections_.exchange(std::move(exchange), options_.timeout_ms);
    if (!response.ok()) return unavailable(response.error().detail());
    return response;
  }

  static base::Result<base::Json> read(const http::Response& response) {
    if (response.status == 429 || response.status >= 500) return unavailable(said(response) + ".");
    if (response.status >= 400) return refused(said(response));
    auto json = base::Json::parse(response.body);
    if (response.status != 200 || !json.ok() || !json->is_object()) {
      return unavailable("its answer is not JSON.");
    }
    return json;
  }

  bool renews() const { return !options_.user.empty() || !options_.client_id.empty(); }

  base::Result<std::string> access_token(bool anew) {
    const std::lock_guard lock(token_mutex_);
    if (!renews() || (!token_.empty() && !anew)) return token_;
    http::Client::Exchange exchange;
    exchange.method = http::Method::post;
    std::string body = "{}";
    if (!options_.user.empty()) {
      exchange.path = "/auth/login";
      exchange.headers.add("Content-Type", "application/json");
      exchange.headers.add("Authorization",
                           "Basic " + base::base64(options_.user + ":" + options_.password));
    } else {
      exchange.path = "/oauth2/token";
      exchange.headers.add("Content-Type", "application/x-www-form-urlencoded");
      body = "grant_type=client_credentials&client_id=" + form_text(options_.client_id) +
             "&client_secret=" + form_text(options_.client_secret);
    }
    exchange.body = body;
    const http::Response response = TRY(send(std::move(exchange)));
    const base::Json answer = TRY(read(response));
    token_ = answer["access_token"].text();
    if (token_.empty()) return unavailable("it gives no access token.");
    return token_;
  }

  const CscOptions options_;
  Connections connections_;
  std::vector<base::Bytes> certificates_;
  base::Bytes public_key_;
  KeyKind kind_;
  std::size_t multisign_ = 1;
  std::mutex token_mutex_;
  std::string token_;
  std::mutex authorising_;
  std::optional<base::Error> pin_refused_;
};

}  // namespace

base::Result<std::unique_ptr<SigningKey>> key_from_csc(CscOptions options) {
  auto key = std::make_unique<CscKey>(std::move(options));
  TRY(key->begin());
  return std::unique_ptr<SigningKey>(std::move(key));
}

}  // namespace trust::signing
