// Making a detached CMS signature of the profile CAdES baseline B-B or B-T (ETSI EN 319 122-1) with
// a key that only signs digests, wherever it is. PAdES puts the same into a PDF.
//
// In steps, so that many signatures can be made under one authorisation of the key: begin each,
// give all to_sign() to one SigningKey::sign, set each signature, encode.
#pragma once
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "trust/key.h"
#include "trust/timestamp.h"

namespace trust::signing {

// The digest over the content that goes with a key: SHA-256, but SHA-512 for Ed25519 (RFC 8419 §3).
enum class ContentDigest : unsigned char { sha256, sha512 };
ContentDigest content_digest(KeyAlgorithm algorithm);

// Who signs: what a key's certificates put into each of its signatures, read once. Cheap to copy;
// any thread.
class CmsSigner {
 public:
  // The key's certificates go in, except a self-signed one. trust.no_certificate,
  // trust.certificate_malformed, trust.key_mismatch (the certificate is for another kind of key).
  static base::Result<CmsSigner> of(const SigningKey& key);

 private:
  friend class CmsSignature;
  struct Read;
  explicit CmsSigner(std::shared_ptr<const Read> read) : read_(std::move(read)) {}
  std::shared_ptr<const Read> read_;
};

class CmsSignature {
 public:
  // `digest` is the content's, by content_digest() of the key's algorithm. A `signing_time` is an
  // attribute that PAdES forbids and CAdES asks for.
  CmsSignature(const CmsSigner& signer, base::BytesView digest,
               std::optional<base::Time> signing_time);
  // With the signer of this key; the errors of CmsSigner::of.
  static base::Result<CmsSignature> begin(const SigningKey& key, base::BytesView digest,
                                          std::optional<base::Time> signing_time);

  // For SigningKey::sign: a SHA-256 digest, or for Ed25519 the signed attributes themselves.
  const base::Bytes& to_sign() const { return to_sign_; }
  // Checks it with the certificate. trust.key_mismatch (the key is not the certificate's).
  base::Result<void> set_signature(base::Bytes signature);
  // What the signature timestamp must cover: the SHA-256 of the signature value.
  base::Bytes imprint() const;
  void set_timestamp(base::Bytes token) { timestamp_ = std::move(token); }

  base::Bytes encode() const;  // DER of the ContentInfo

 private:
  std::shared_ptr<const CmsSigner::Read> signer_;
  std::vector<base::Bytes> attributes_;
  base::Bytes to_sign_, signature_, timestamp_;
};

// At most so many bytes does a signature with this key take.
std::size_t cms_size_max(const SigningKey& key, bool with_timestamp);

// All of it for one content. `timestamps` may be null (B-B). Errors: those of begin, of the key,
// and trust.timestamp_unavailable.
base::Result<base::Bytes> sign_cms(SigningKey& key, base::BytesView digest,
                                   std::optional<base::Time> signing_time,
                                   TimestampClient* timestamps, int budget_ms);

}  // namespace trust::signing
