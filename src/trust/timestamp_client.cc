#include <openssl/cms.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <mutex>
#include <optional>

#include "base/hash.h"
#include "base/log.h"
#include "base/random.h"
#include "trust/certificate.h"
#include "trust/connections.h"
#include "trust/timestamp.h"

namespace trust {
namespace {

constexpr std::size_t kAnswerBytesMax = 256 * 1024;

// A failure of one authority, in words for the list of failures.
base::Error bad_answer(const std::string& why) {
  return {base::Code::unavailable, "trust.timestamp_refused", "The timestamp is not taken: " + why,
          "Không nhận dấu thời gian vì trả lời không đúng."};
}

Handle<TS_REQ> request_for(base::BytesView digest, const std::string& policy) {
  base::SystemRandom random;
  base::Bytes nonce_bytes = random.bytes(8);
  nonce_bytes[0] = static_cast<char>((nonce_bytes[0] & 0x7f) | 0x40);  // positive, always 8 bytes
  const Handle<BIGNUM> number(BN_bin2bn(unsigned_of(base::BytesView(nonce_bytes)), 8, nullptr));
  const Handle<ASN1_INTEGER> nonce(BN_to_ASN1_INTEGER(number.get(), nullptr));
  const Handle<TS_MSG_IMPRINT> imprint(TS_MSG_IMPRINT_new());
  X509_ALGOR* algorithm = X509_ALGOR_new();
  X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, nullptr);
  TS_MSG_IMPRINT_set_algo(imprint.get(), algorithm);
  X509_ALGOR_free(algorithm);
  base::Bytes bytes(digest);
  TS_MSG_IMPRINT_set_msg(imprint.get(), unsigned_of(bytes), static_cast<int>(bytes.size()));
  Handle<TS_REQ> request(TS_REQ_new());
  TS_REQ_set_version(request.get(), 1);
  TS_REQ_set_msg_imprint(request.get(), imprint.get());
  TS_REQ_set_nonce(request.get(), nonce.get());
  TS_REQ_set_cert_req(request.get(), 1);
  if (!policy.empty()) {
    const Handle<ASN1_OBJECT> object(OBJ_txt2obj(policy.c_str(), 1));
    if (object) TS_REQ_set_policy_id(request.get(), object.get());
  }
  return request;
}

base::Bytes encoded(const TS_REQ* request) {
  base::Bytes out(static_cast<std::size_t>(i2d_TS_REQ(request, nullptr)), '\0');
  unsigned char* to = unsigned_of(out);
  i2d_TS_REQ(request, &to);
  return out;
}

// The token's own signature with the certificate that it brings, which must be one for timestamps.
// Whether that certificate is to be trusted, judge_timestamp says.
bool signed_rightly(const base::Bytes& token) {
  const unsigned char* at = unsigned_of(base::BytesView(token));
  const Handle<CMS_ContentInfo> cms(
      d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(token.size())));
  const Handle<BIO> content(BIO_new(BIO_s_mem()));
  if (!cms || CMS_verify(cms.get(), nullptr, nullptr, nullptr, content.get(),
                         CMS_NO_SIGNER_CERT_VERIFY | CMS_BINARY) != 1) {
    return false;
  }
  STACK_OF(X509)* signers = CMS_get0_signers(cms.get());
  const bool good = sk_X509_num(signers) == 1 &&
                    X509_check_purpose(sk_X509_value(signers, 0), X509_PURPOSE_TIMESTAMP_SIGN, 0);
  sk_X509_free(signers);
  return good;
}

base::Result<Stamp> read_answer(const base::Bytes& answer, TS_REQ* request, base::Time now,
                                base::Duration tolerance) {
  const ErrorQueue errors;
  const unsigned char* at = unsigned_of(base::BytesView(answer));
  const Handle<TS_RESP> response(d2i_TS_RESP(nullptr, &at, static_cast<long>(answer.size())));
  if (!response) return bad_answer("the answer is not a timestamp response");
  const ASN1_INTEGER* status = TS_STATUS_INFO_get0_status(TS_RESP_get_status_info(response.get()));
  const long word = ASN1_INTEGER_get(status);
  if (word != 0 && word != 1) return bad_answer("it refused, status " + std::to_string(word));
  PKCS7* pkcs7 = TS_RESP_get_token(response.get());
  TS_TST_INFO* info = TS_RESP_get_tst_info(response.get());
  if (pkcs7 == nullptr || info == nullptr) return bad_answer("the answer has no token");

  // Version, policy, imprint and nonce against what was asked.
  TS_VERIFY_CTX* context = TS_REQ_to_TS_VERIFY_CTX(request, nullptr);
  const bool ours = context != nullptr && TS_RESP_verify_response(context, response.get()) == 1;
  TS_VERIFY_CTX_free(context);
  if (!ours) return bad_answer("the token is not about this request (imprint, nonce or policy)");

  Stamp stamp;
  stamp.token.resize(static_cast<std::size_t>(i2d_PKCS7(pkcs7, nullptr)));
  unsigned char* to = unsigned_of(stamp.token);
  i2d_PKCS7(pkcs7, &to);
  if (!signed_rightly(stamp.token)) {
    return bad_answer("the token's signature is wrong or not one for timestamps");
  }
  const auto made = time_of(TS_TST_INFO_get_time(info));
  if (!made || *made > now + tolerance || *made < now - tolerance) {
    return bad_answer("the token's time is far from this machine's");
  }
  stamp.at = *made;
  return stamp;
}

// One authority: its connections, and when it failed.
class Tsa {
 public:
  Tsa(std::string address, const TimestampOptions& options)
      : address_(std::move(address)),
        retry_after_(options.retry_after),
        connections_(address_, options.trust_file, options.timeout_ms) {}

  const std::string& address() const { return address_; }

  bool rests(base::Time now) const {
    const std::lock_guard lock(mutex_);
    // A clock that was set back does not prolong the rest.
    return failed_at_ && now >= *failed_at_ && now < *failed_at_ + retry_after_;
  }
  void failed(base::Time now) {
    const std::lock_guard lock(mutex_);
    failed_at_ = now;
    connections_.close();
  }
  void healed() {
    const std::lock_guard lock(mutex_);
    failed_at_.reset();
  }

  base::Result<base::Bytes> ask(base::BytesView request, int timeout_ms) {
    http::Client::Exchange exchange;
    exchange.method = http::Method::post;
    exchange.headers.add("Content-Type", "application/timestamp-query");
    exchange.headers.add("Accept", "application/timestamp-reply");
    exchange.body = request;
    exchange.answer_bytes_max = kAnswerBytesMax;
    http::Response response = TRY(connections_.exchange(std::move(exchange), timeout_ms));
    if (response.status != 200) {
      return bad_answer("it answered with HTTP status " + std::to_string(response.status));
    }
    return std::move(response.body);
  }

 private:
  const std::string address_;
  const base::Duration retry_after_;
  mutable std::mutex mutex_;
  std::optional<base::Time> failed_at_;
  Connections connections_;
};

class HttpTimestamps : public TimestampClient {
 public:
  HttpTimestamps(TimestampOptions options, const base::Clock& clock)
      : options_(std::move(options)), clock_(clock) {
    for (const std::string& address : options_.authorities) {
      sources_.push_back(std::make_unique<Tsa>(address, options_));
    }
  }

  base::Result<Stamp> stamp(base::BytesView digest, int budget_ms) override {
    if (digest.size() != base::kSha256Bytes) {
      return base::Error(base::Code::invalid, "trust.digest_malformed",
                         "A timestamp is made over a SHA-256 digest of 32 bytes.",
                         "Dấu thời gian được cấp trên giá trị băm SHA-256 dài 32 byte.");
    }
    const std::int64_t deadline = base::monotonic_micros() + std::int64_t{budget_ms} * 1000;
    std::string failures;
    for (const auto& source : sources_) {
      failures += (failures.empty() ? "" : "; ") + source->address() + ": ";
      if (source->rests(clock_.now())) {
        failures += "failed a moment ago";
        continue;
      }
      const auto left = static_cast<int>((deadline - base::monotonic_micros()) / 1000);
      if (left <= 0) {
        failures += "no time was left";
        continue;
      }
      auto stamp = ask(*source, digest, std::min(left, options_.timeout_ms));
      if (stamp.ok()) {
        source->healed();
        return stamp;
      }
      source->failed(clock_.now());
      failures += stamp.error().detail();
      base::log::warning("trust.timestamp_failed", {{"authority", source->address()},
                                                    {"reason", stamp.error().reason()},
                                                    {"detail", stamp.error().detail()}});
    }
    if (failures.empty()) failures = "none is set";
    return base::Error(base::Code::unavailable, "trust.timestamp_unavailable",
                       "No timestamp authority answered well: " + failures + ".",
                       "Không dịch vụ cấp dấu thời gian nào trả lời đúng: " + failures + ".");
  }

 private:
  base::Result<Stamp> ask(Tsa& source, base::BytesView digest, int timeout_ms) const {
    const ErrorQueue errors;
    const Handle<TS_REQ> request = request_for(digest, options_.policy);
    const base::Bytes answer = TRY(source.ask(encoded(request.get()), timeout_ms));
    Stamp stamp = TRY(read_answer(answer, request.get(), clock_.now(), options_.clock_tolerance));
    stamp.authority = source.address();
    return stamp;
  }

  const TimestampOptions options_;
  const base::Clock& clock_;
  std::vector<std::unique_ptr<Tsa>> sources_;
};

}  // namespace

std::unique_ptr<TimestampClient> timestamp_client(TimestampOptions options,
                                                  const base::Clock& clock) {
  return std::make_unique<HttpTimestamps>(std::move(options), clock);
}

}  // namespace trust
