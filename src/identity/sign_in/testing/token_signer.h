// Signs JSON Web Tokens, rightly and wrongly.
#pragma once
#include <memory>
#include <string>

#include "base/bytes.h"
#include "base/json.h"

namespace identity::testing {

class TokenSigner {
 public:
  // RS256, PS256, ES256 or EdDSA; RSA keys of `rsa_bits`.
  explicit TokenSigner(const std::string& algorithm, unsigned rsa_bits = 2048);
  ~TokenSigner();
  base::Json jwk() const;  // without kid, alg and use
  // "header.claims.signature"
  std::string sign(const base::Json& header, const base::Json& claims) const;

 private:
  struct Key;
  base::Bytes number(const char* name) const;
  base::Bytes signature(const base::Bytes& bytes) const;
  const std::string algorithm_;
  std::unique_ptr<Key> key_;
};

}  // namespace identity::testing
