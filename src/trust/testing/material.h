// For tests: signatures and timestamps made on the spot with the demonstration authority.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "trust/demo/authority.h"
#include "trust/judge.h"
#include "trust/timestamp.h"

namespace trust::testing {

// Stamps with the authority's TSA, as if it were `at`.
std::unique_ptr<TimestampClient> stamps_at(demo::Authority& authority, base::Time at);
// DER of a TimeStampToken over `bytes`.
base::Bytes token_over(demo::Authority& authority, base::BytesView bytes, base::Time at,
                       const std::string& digest = "SHA256");
// Signed with another TSA's certificate.
base::Bytes token_by(const demo::Credential& tsa, base::BytesView bytes, base::Time at);

// By OpenSSL, which has its own ideas about attributes.
struct OpensslWish {
  std::vector<const demo::Credential*> signers = {};
  std::string digest = "SHA256";
  bool detached = true;
  bool attributes = true;
  bool ess = true;      // signing-certificate-v2
  bool key_id = false;  // signers named by their key
  bool pss = false;
  bool certificates = true;
  bool indefinite = false;                   // BER with indefinite lengths
  std::optional<base::Time> signed_at = {};  // signing-time; else the machine's
};
base::Bytes openssl_cms(base::BytesView content, const OpensslWish& wish);

Feed feed_of(base::BytesView content);  // a view: outlives the feed

}  // namespace trust::testing
