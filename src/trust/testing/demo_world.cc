#include "trust/testing/demo_world.h"

#include <algorithm>

#include "trust/key.h"
#include "trust/testing/material.h"

namespace trust::testing {

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
      timestamps_(stamps_at(*authority_, now)),
      lists_(std::make_unique<Lists>(*this)) {
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

}  // namespace trust::testing
