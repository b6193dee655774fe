#include "trust/testing/judging.h"

#include <ostream>

#include "trust/algorithms.h"
#include "trust/signing/cms_sign.h"
#include "trust/testing/material.h"

namespace trust::testing {

const base::Bytes& content() {
  static const base::Bytes bytes = "Quyết định số 05/QĐ-UBND " + base::Bytes(5000, 'x');
  return bytes;
}

demo::Authority& authority() {
  static const auto made = demo::Authority::create({"http://127.0.0.1:9/pki", 2048, kNow}).value();
  return *made;
}

const Anchors& anchors() {
  static const Anchors made = [] {
    Anchors out;
    Anchor root;
    root.certificate = authority().root();
    root.name = "demo";
    root.demonstration = true;
    out.add(root).value();
    return out;
  }();
  return made;
}

demo::Credential issue(const demo::Wish& wish) { return authority().issue(wish).value(); }

base::Bytes sign(const demo::Credential& by, const Signing& how) {
  const auto key = key_from_pem(by.pem(), "").value();
  const bool ed = key->algorithm() == KeyAlgorithm::ed25519;
  const auto digest = digest_of(ed ? "SHA-512" : "SHA-256", content());
  const auto stamps = how.stamped ? stamps_at(authority(), *how.stamped) : nullptr;
  return signing::sign_cms(*key, digest, how.claimed, stamps.get(), 1000).value();
}

void PrintTo(const Verdicts& it, std::ostream* out) {
  *out << name_of(it.verdict) << " " << name_of(it.sub);
}

}  // namespace trust::testing
