#include "trust/signing/cms_sign.h"

#include <openssl/x509.h>

#include "base/hash.h"
#include "trust/certificate.h"
#include "trust/signing/der.h"
#include "trust/signing/public_key.h"

namespace trust::signing {
namespace {

constexpr std::string_view kData = "1.2.840.113549.1.7.1";
constexpr std::string_view kSignedData = "1.2.840.113549.1.7.2";
constexpr std::string_view kContentType = "1.2.840.113549.1.9.3";
constexpr std::string_view kMessageDigest = "1.2.840.113549.1.9.4";
constexpr std::string_view kSigningTime = "1.2.840.113549.1.9.5";
constexpr std::string_view kSigningCertificateV2 = "1.2.840.113549.1.9.16.2.47";
constexpr std::string_view kSignatureTimestamp = "1.2.840.113549.1.9.16.2.14";
constexpr std::string_view kSha256 = "2.16.840.1.101.3.4.2.1";
constexpr std::string_view kSha512 = "2.16.840.1.101.3.4.2.3";
constexpr std::string_view kRsa = "1.2.840.113549.1.1.1";
constexpr std::string_view kEcdsaSha256 = "1.2.840.10045.4.3.2";
constexpr std::string_view kEd25519 = "1.3.101.112";
constexpr std::size_t kTimestampMax = 12 * 1024;

template <class T, class F>
base::Bytes encoded(const T* value, F* i2d) {
  unsigned char* out = nullptr;
  const int size = i2d(value, &out);
  base::Bytes bytes;
  if (size > 0) bytes.assign(reinterpret_cast<const char*>(out), static_cast<std::size_t>(size));
  OPENSSL_free(out);
  return bytes;
}

base::Error malformed() {
  return {base::Code::invalid, "trust.certificate_malformed",
          "The signing certificate cannot be read.", "Không đọc được chứng thư số ký."};
}

base::Error mismatch() {
  return {base::Code::invalid, "trust.key_mismatch",
          "The key does not belong to the certificate; give the certificate of this key.",
          "Khóa không khớp với chứng thư số; hãy dùng đúng chứng thư số của khóa này."};
}

base::Bytes attribute(std::string_view type, base::BytesView value) {
  return der::sequence({der::oid(type), der::set({value})});
}

bool self_signed(X509* certificate) {
  return X509_NAME_cmp(X509_get_subject_name(certificate), X509_get_issuer_name(certificate)) == 0;
}

}  // namespace

ContentDigest content_digest(KeyAlgorithm algorithm) {
  return algorithm == KeyAlgorithm::ed25519 ? ContentDigest::sha512 : ContentDigest::sha256;
}

struct CmsSigner::Read {
  PublicKey public_key;                   // of the signing certificate
  base::Bytes issuer, serial, reference;  // DER; the last is the attribute that names it
  std::vector<base::Bytes> certificates;  // DER
};

base::Result<CmsSigner> CmsSigner::of(const SigningKey& key) {
  if (key.certificates().empty()) {
    return base::Error(base::Code::invalid, "trust.no_certificate",
                       "The key has no certificate to sign with.",
                       "Khóa chưa có chứng thư số nên chưa ký được.");
  }
  const ErrorQueue errors;
  const base::Bytes& own = key.certificates().front();
  const Handle<X509> signer = read_certificate(own);
  if (!signer) return malformed();
  auto public_key = PublicKey::read(encoded(X509_get_X509_PUBKEY(signer.get()), i2d_X509_PUBKEY));
  if (!public_key.ok() || public_key->kind().algorithm != key.algorithm()) return mismatch();
  // ESSCertIDv2 with its default algorithm, SHA-256.
  const base::Bytes id = der::sequence({der::octets(base::sha256(own))});
  Read read{std::move(public_key).value(),
            encoded(X509_get_issuer_name(signer.get()), i2d_X509_NAME),
            encoded(X509_get0_serialNumber(signer.get()), i2d_ASN1_INTEGER),
            attribute(kSigningCertificateV2, der::sequence({der::sequence({id})})),
            {}};
  for (const base::Bytes& der : key.certificates()) {
    const Handle<X509> certificate = read_certificate(der);
    if (!certificate) return malformed();
    if (read.certificates.empty() || !self_signed(certificate.get())) {
      read.certificates.push_back(der);
    }
  }
  return CmsSigner(std::make_shared<const Read>(std::move(read)));
}

CmsSignature::CmsSignature(const CmsSigner& signer, base::BytesView digest,
                           std::optional<base::Time> signing_time)
    : signer_(signer.read_),
      attributes_({attribute(kContentType, der::oid(kData)),
                   attribute(kMessageDigest, der::octets(digest)), signer_->reference}) {
  if (signing_time) attributes_.push_back(attribute(kSigningTime, der::time(*signing_time)));
  const base::Bytes attributes = der::set_of(attributes_);
  const bool pure = signer_->public_key.kind().algorithm == KeyAlgorithm::ed25519;
  to_sign_ = pure ? attributes : base::sha256(attributes);
}

base::Result<CmsSignature> CmsSignature::begin(const SigningKey& key, base::BytesView digest,
                                               std::optional<base::Time> signing_time) {
  const CmsSigner signer = TRY(CmsSigner::of(key));
  return CmsSignature(signer, digest, signing_time);
}

base::Result<void> CmsSignature::set_signature(base::Bytes signature) {
  if (!signer_->public_key.verifies(to_sign_, signature)) return mismatch();
  signature_ = std::move(signature);
  return base::done();
}

base::Bytes CmsSignature::imprint() const { return base::sha256(signature_); }

base::Bytes CmsSignature::encode() const {
  const KeyAlgorithm algorithm = signer_->public_key.kind().algorithm;
  const bool pure = algorithm == KeyAlgorithm::ed25519;
  const base::Bytes digest_algorithm = der::algorithm(pure ? kSha512 : kSha256, false);
  base::Bytes signed_attributes = der::set_of(attributes_);
  signed_attributes[0] = static_cast<char>(0xa0);  // [0] IMPLICIT
  const base::Bytes signature_algorithm = pure ? der::algorithm(kEd25519, false)
                                          : algorithm == KeyAlgorithm::rsa
                                              ? der::algorithm(kRsa, true)
                                              : der::algorithm(kEcdsaSha256, false);
  const base::Bytes unsigned_attributes =
      timestamp_.empty() ? base::Bytes()
                         : der::context(1, attribute(kSignatureTimestamp, timestamp_));
  const base::Bytes signer = der::sequence(
      {der::integer(1), der::sequence({signer_->issuer, signer_->serial}), digest_algorithm,
       signed_attributes, signature_algorithm, der::octets(signature_), unsigned_attributes});
  base::Bytes certificates = der::set_of(signer_->certificates);
  certificates[0] = static_cast<char>(0xa0);
  const base::Bytes signed_data =
      der::sequence({der::integer(1), der::set({digest_algorithm}),
                     der::sequence({der::oid(kData)}), certificates, der::set({signer})});
  return der::sequence({der::oid(kSignedData), der::context(0, signed_data)});
}

std::size_t cms_size_max(const SigningKey& key, bool with_timestamp) {
  std::size_t size = 1024 + static_cast<std::size_t>(key.bits()) / 8;
  for (const base::Bytes& certificate : key.certificates()) size += certificate.size() + 8;
  return size + (with_timestamp ? kTimestampMax : 0);
}

base::Result<base::Bytes> sign_cms(SigningKey& key, base::BytesView digest,
                                   std::optional<base::Time> signing_time,
                                   TimestampClient* timestamps, int budget_ms) {
  CmsSignature made = TRY(CmsSignature::begin(key, digest, signing_time));
  std::vector<base::Bytes> signatures = TRY(key.sign({made.to_sign()}));
  if (signatures.size() != 1) return mismatch();
  TRY(made.set_signature(std::move(signatures.front())));
  if (timestamps != nullptr) {
    Stamp stamp = TRY(timestamps->stamp(made.imprint(), budget_ms));
    made.set_timestamp(std::move(stamp.token));
  }
  return made.encode();
}

}  // namespace trust::signing
