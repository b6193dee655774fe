// CMS SignedData (RFC 5652 §5) taken apart; every view is of the given bytes.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "trust/asn1.h"
#include "trust/judge.h"

namespace trust {

namespace oid {
inline constexpr std::string_view kData = "1.2.840.113549.1.7.1";
inline constexpr std::string_view kSignedData = "1.2.840.113549.1.7.2";
inline constexpr std::string_view kTstInfo = "1.2.840.113549.1.9.16.1.4";
inline constexpr std::string_view kContentType = "1.2.840.113549.1.9.3";
inline constexpr std::string_view kMessageDigest = "1.2.840.113549.1.9.4";
inline constexpr std::string_view kSigningTime = "1.2.840.113549.1.9.5";
inline constexpr std::string_view kSigningCertificate = "1.2.840.113549.1.9.16.2.12";
inline constexpr std::string_view kSigningCertificateV2 = "1.2.840.113549.1.9.16.2.47";
inline constexpr std::string_view kSignatureTimestamp = "1.2.840.113549.1.9.16.2.14";
inline constexpr std::string_view kContentTimestamp = "1.2.840.113549.1.9.16.2.20";
inline constexpr std::string_view kCertificateValues = "1.2.840.113549.1.9.16.2.23";
inline constexpr std::string_view kRevocationValues = "1.2.840.113549.1.9.16.2.24";
inline constexpr std::string_view kArchiveTimestampV1 = "1.2.840.113549.1.9.16.2.27";
inline constexpr std::string_view kArchiveTimestampV2 = "1.2.840.113549.1.9.16.2.48";
inline constexpr std::string_view kArchiveTimestampV3 = "0.4.0.1733.2.4";
inline constexpr std::string_view kAdobeRevocation = "1.2.840.113583.1.1.8";
inline constexpr std::string_view kOcspInCms = "1.3.6.1.5.5.7.16.2";
}  // namespace oid

struct Attribute {
  std::string type;
  std::vector<base::BytesView> values;  // whole elements
};
// The first of that type, or null.
const Attribute* find(const std::vector<Attribute>& in, std::string_view type);

struct SignerInfo {
  base::BytesView issuer, serial;  // DER of the Name, content of the number; or instead of both:
  base::BytesView key_id;
  asn1::Algorithm digest, signature_algorithm;
  base::BytesView signed_attributes_der;  // with the tag [0]; empty when there are none
  std::vector<Attribute> signed_attributes, unsigned_attributes;
  base::Bytes signature;
};

struct SignedData {
  std::string content_type;
  std::optional<base::Bytes> content;
  std::vector<base::BytesView> certificates, crls, ocsp_responses;
  std::vector<SignerInfo> signers;
};

// The error is for people and says what is wrong: trust.cms_malformed, trust.cms_too_large,
// trust.cms_not_signed (some other kind of CMS, or nobody has signed).
base::Result<SignedData> read_signed_data(base::BytesView der, const Limits& limits);

// RFC 5035, RFC 2634: the first certificate that a signing-certificate attribute names.
struct CertificateReference {
  std::string_view digest;  // "SHA-256"; empty when unknown
  base::BytesView hash;
};
std::optional<CertificateReference> signing_certificate(const SignerInfo& signer);

// What adbe-revocationInfoArchival (signed) and revocation-values (unsigned) hold.
void add_revocation_values(const SignerInfo& signer, std::vector<base::BytesView>& crls,
                           std::vector<base::BytesView>& ocsp_responses);

// RFC 3161 §2.4.2.
struct TstInfo {
  asn1::Algorithm imprint_algorithm;
  base::BytesView imprint;
  base::Time at;
};
std::optional<TstInfo> read_tst_info(base::BytesView der);

}  // namespace trust
