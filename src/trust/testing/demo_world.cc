#include "trust/testing/demo_world.h"

#include <openssl/ts.h>

#include <algorithm>

#include "base/check.h"
#include "trust/certificate.h"
#include "trust/key.h"

namespace trust::testing {

struct DemoWorld::Stamps : TimestampClient {
  explicit Stamps(DemoWorld& of) : world(of) {}
  base::Result<Stamp> stamp(base::BytesView digest, int) override {
    const Handle<TS_MSG_IMPRINT> imprint(::TS_MSG_IMPRINT_new());
    X509_ALGOR* algorithm = ::X509_ALGOR_new();
    ::X509_ALGOR_set0(algorithm, ::OBJ_nid2obj(NID_sha256), V_ASN1_NULL, nullptr);
    ::TS_MSG_IMPRINT_set_algo(imprint.get(), algorithm);
    ::X509_ALGOR_free(algorithm);
    ::TS_MSG_IMPRINT_set_msg(imprint.get(), const_cast<unsigned char*>(unsigned_of(digest)),
                             static_cast<int>(digest.size()));
    const Handle<TS_REQ> request(::TS_REQ_new());
    ::TS_REQ_set_version(request.get(), 1);
    ::TS_REQ_set_msg_imprint(request.get(), imprint.get());
    ::TS_REQ_set_cert_req(request.get(), 1);
    base::Bytes der(static_cast<std::size_t>(::i2d_TS_REQ(request.get(), nullptr)), '\0');
    unsigned char* to = unsigned_of(der);
    ::i2d_TS_REQ(request.get(), &to);

    const base::Bytes answer = TRY(world.authority_->timestamp(der, world.stamped_at_));
    const unsigned char* at = unsigned_of(base::BytesView(answer));
    const Handle<TS_RESP> response(::d2i_TS_RESP(nullptr, &at, static_cast<long>(answer.size())));
    CHECK(response != nullptr);
    PKCS7* token = ::TS_RESP_get_token(response.get());
    CHECK(token != nullptr);
    Stamp stamp{{}, world.stamped_at_, "test"};
    stamp.token.resize(static_cast<std::size_t>(::i2d_PKCS7(token, nullptr)));
    to = unsigned_of(stamp.token);
    ::i2d_PKCS7(token, &to);
    return stamp;
  }
  DemoWorld& world;
};

struct DemoWorld::Lists : RevocationSource {
  explicit Lists(DemoWorld& of) : world(of) {}
  base::Result<base::Bytes> crl(const std::string& url, base::Time now, std::int64_t) override {
    return url.find("root") != std::string::npos ? world.authority_->root_crl(now)
                                                 : world.authority_->crl(now);
  }
  base::Result<base::Bytes> ocsp(const std::string&, base::BytesView request, base::Time now,
                                 std::int64_t) override {
    return world.authority_->ocsp(request, now);
  }
  DemoWorld& world;
};

DemoWorld& DemoWorld::get() {
  static DemoWorld world;
  return world;
}

DemoWorld::DemoWorld()
    : now(*base::parse_vietnam_time("2026/11/22 09:30:00")),
      authority_(demo::Authority::create({"http://127.0.0.1:1/pki", 2048, now}).value()),
      anchors_(std::make_unique<Anchors>()),
      policy_(Policy::standard()),
      timestamps_(std::make_unique<Stamps>(*this)),
      lists_(std::make_unique<Lists>(*this)),
      stamped_at_(now) {
  anchors_->add({.certificate = authority_->root(), .name = "demo", .demonstration = true}).value();
}

SigningKey& DemoWorld::key(const std::string& kind) {
  const auto found = std::find_if(keys_.begin(), keys_.end(),
                                  [&kind](const auto& key) { return key.first == kind; });
  if (found != keys_.end()) return *found->second;
  demo::Wish wish{.name = "Nguyễn Văn An", .organisation = "UBND tỉnh A"};
  if (kind == "ecdsa") wish.algorithm = KeyAlgorithm::ecdsa_p256;
  if (kind == "ecdsa384") wish.algorithm = KeyAlgorithm::ecdsa_p384;
  if (kind == "ed25519") wish.algorithm = KeyAlgorithm::ed25519;
  if (kind == "expired") {
    wish.not_before = now - std::chrono::hours(24 * 90);
    wish.not_after = now - std::chrono::hours(24 * 30);
  }
  const demo::Credential credential = authority_->issue(wish).value();
  if (kind == "revoked") {
    authority_->revoke(credential.certificates[0], now - std::chrono::hours(1)).value();
  }
  keys_.emplace_back(kind, key_from_pem(credential.pem(), "").value());
  return *keys_.back().second;
}

Context DemoWorld::context() const {
  return {.anchors = *anchors_, .policy = policy_, .revocation = lists_.get(), .now = now};
}
Context DemoWorld::context_without_revocation() const {
  return {.anchors = *anchors_, .policy = policy_, .revocation = nullptr, .now = now};
}

DemoWorld::StampedAt::StampedAt(base::Time at) { get().stamped_at_ = at; }
DemoWorld::StampedAt::~StampedAt() { get().stamped_at_ = get().now; }

}  // namespace trust::testing
