// A public-key infrastructure for demonstrations and tests: root, issuing CA, OCSP responder, CRL,
// TSA. Everything it issues says so in its names ("TRÌNH DIỄN / DEMONSTRATION"), and its anchor is
// marked. It is real cryptography with keys that protect nothing.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "trust/key.h"

namespace trust::demo {

struct Wish {
  std::string name = {};          // CN
  std::string organisation = {};  // O; a certificate with CN == O is an organisation's seal
  KeyAlgorithm algorithm = KeyAlgorithm::rsa;
  int bits = 2048;
  std::optional<base::Time> not_before = {},
                            not_after = {};  // default: yesterday to two years ahead
  bool can_sign = true;  // key usage digitalSignature + nonRepudiation; false: keyEncipherment only
  bool timestamping = false;  // extended key usage
  bool ocsp_signing = false;
  bool authority = false;
  std::string digest = "SHA-256";  // of the issuer's signature: "SHA-1", "MD5", … for the refused
  bool revocation_urls = true;
  std::string personal_id = {};      // subject UID: "CCCD:012345678901"
  std::string organisation_id = {};  // subject organizationIdentifier: "VATVN-0100109106"
  bool critical_timestamping = true;
  // Extensions as OpenSSL's configuration writes them (or "DER:hex"), put in place of the usual
  // ones of that name: {"nameConstraints", "critical,permitted;dirName:…"}, {"basicConstraints",
  // ""} for none.
  std::vector<std::pair<std::string, std::string>> extensions = {};
  // Who issues it, in place of the issuing CA (one made with `authority`, or one that may not).
  const struct Credential* issuer = nullptr;
};

struct Credential {
  base::Bytes key_pem;                    // unencrypted PKCS#8
  std::vector<base::Bytes> certificates;  // DER: its own, the issuing CA's, the root's
  std::string pem() const;                // key and certificates
  base::Bytes pkcs12(std::string_view password) const;
};

class Authority {
 public:
  struct Options {
    // "http://127.0.0.1:PORT/pki": where /crl, /root-crl, /ocsp and /tsa will answer; may be empty.
    std::string url;
    int bits = 2048;
    base::Time now;
  };
  // New keys; takes about a second. The authorities are valid from ten years before `now` to
  // twenty years after.
  static base::Result<std::unique_ptr<Authority>> create(const Options& options);
  // Kept in and read from a directory (files 0600): for `truc demo` and restarts.
  static base::Result<std::unique_ptr<Authority>> open(const std::string& directory);
  virtual ~Authority() = default;
  virtual base::Result<void> save(const std::string& directory) const = 0;

  virtual base::Bytes root() const = 0;     // DER
  virtual base::Bytes issuing() const = 0;  // DER
  virtual base::Result<Credential> issue(const Wish& wish) = 0;
  // From a PKCS#10 request (PEM or DER).
  virtual base::Result<base::Bytes> certify(base::BytesView request, const Wish& wish) = 0;
  // Of the issuing CA: in the root's list. trust.certificate_malformed.
  virtual base::Result<void> revoke(base::BytesView certificate, base::Time at) = 0;

  // A certificate that was never revoked answers "good", whoever made it.
  // Answers as an HTTP responder would send them; valid from `now` for `valid_for`.
  virtual base::Result<base::Bytes> crl(base::Time now,
                                        base::Duration valid_for = std::chrono::hours(24)) = 0;
  // The root's list, for the issuing CA: at /root-crl.
  virtual base::Result<base::Bytes> root_crl(base::Time now,
                                             base::Duration valid_for = std::chrono::hours(24)) = 0;
  virtual base::Result<base::Bytes> ocsp(base::BytesView request, base::Time now) = 0;
  virtual base::Result<base::Bytes> timestamp(base::BytesView request, base::Time now) = 0;
};

}  // namespace trust::demo
