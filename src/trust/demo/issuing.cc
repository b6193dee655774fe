#include "trust/demo/issuing.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "base/random.h"
#include "trust/certificate.h"

namespace trust::demo {
namespace {

constexpr char kMark[] = "TRÌNH DIỄN / DEMONSTRATION";

base::Bytes bytes_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return size > 0 ? base::Bytes(data, static_cast<std::size_t>(size)) : base::Bytes();
}

Handle<BIO> reading(base::BytesView bytes) {
  return Handle<BIO>(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
}

bool add_part(X509_NAME* name, int nid, std::string_view value) {
  if (value.empty()) return true;
  return X509_NAME_add_entry_by_NID(name, nid, MBSTRING_UTF8, unsigned_of(value),
                                    static_cast<int>(value.size()), -1, 0) == 1;
}

bool name_it(X509_NAME* name, const Wish& wish) {
  return add_part(name, NID_countryName, "VN") &&
         add_part(name, NID_organizationName, wish.organisation) &&
         add_part(name, NID_organizationalUnitName, kMark) &&
         add_part(name, NID_commonName, wish.name) &&
         add_part(name, NID_userId, wish.personal_id) &&
         add_part(name, NID_organizationIdentifier, wish.organisation_id);
}

bool set_times(X509* certificate, base::Time from, base::Time to) {
  const auto first = asn1_time(from), last = asn1_time(to);
  return first && last && X509_set1_notBefore(certificate, first.get()) == 1 &&
         X509_set1_notAfter(certificate, last.get()) == 1;
}

using Extensions = std::vector<std::pair<std::string, std::string>>;

void put(Extensions& to, std::string name, std::string value) {
  for (auto& [known, old] : to) {
    if (known == name) return static_cast<void>(old = std::move(value));
  }
  to.emplace_back(std::move(name), std::move(value));
}

Extensions extensions_of(const Wish& wish, const Making& making) {
  Extensions out;
  out.emplace_back("basicConstraints", wish.authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
  out.emplace_back("keyUsage", wish.authority  ? "critical,keyCertSign,cRLSign"
                               : wish.can_sign ? "critical,digitalSignature,nonRepudiation"
                                               : "critical,keyEncipherment");
  out.emplace_back("subjectKeyIdentifier", "hash");
  if (making.issuer != nullptr) out.emplace_back("authorityKeyIdentifier", "keyid:always");
  if (wish.timestamping) {
    put(out, "extendedKeyUsage",
        wish.critical_timestamping ? "critical,timeStamping" : "timeStamping");
  }
  if (wish.ocsp_signing) {
    put(out, "extendedKeyUsage", "OCSPSigning");
    put(out, "noCheck", "ignored");
  }
  if (wish.revocation_urls && !making.url.empty() && making.issuer != nullptr) {
    put(out, "crlDistributionPoints",
        "URI:" + making.url + (making.root_issued ? "/root-crl" : "/crl"));
    put(out, "authorityInfoAccess", "OCSP;URI:" + making.url + "/ocsp");
  }
  for (const auto& [name, value] : wish.extensions) put(out, name, value);
  return out;
}

bool extend(X509* certificate, X509* issuer, const Extensions& extensions) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509V3_set_ctx_nodb(&context);
  for (const auto& [name, value] : extensions) {
    if (value.empty()) continue;
    Handle<X509_EXTENSION> extension(
        X509V3_EXT_conf(nullptr, &context, name.c_str(), value.c_str()));
    if (!extension || X509_add_ext(certificate, extension.get(), -1) != 1) return false;
  }
  return true;
}

const EVP_MD* digest_for(const EVP_PKEY* key, const std::string& name) {
  if (EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519) return nullptr;
  return EVP_get_digestbyname(name.c_str());
}

}  // namespace

base::Error broken(std::string_view what) {
  return {base::Code::internal, "trust.demo_failed",
          "the demonstration's authority cannot make " + std::string(what),
          "cơ quan chứng thực trình diễn không tạo được " + std::string(what)};
}

base::Bytes Identity::key_pem() const {
  Handle<BIO> out(BIO_new(BIO_s_mem()));
  PEM_write_bio_PKCS8PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  return bytes_of(out.get());
}

base::Bytes Identity::certificate_pem() const {
  Handle<BIO> out(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(out.get(), certificate.get());
  return bytes_of(out.get());
}

base::Result<Identity> read_identity(base::BytesView key_pem, base::BytesView certificate_pem) {
  const auto key = reading(key_pem), certificate = reading(certificate_pem);
  Identity out{
      Handle<EVP_PKEY>(PEM_read_bio_PrivateKey(key.get(), nullptr, nullptr, nullptr)),
      Handle<X509>(PEM_read_bio_X509(certificate.get(), nullptr, nullptr, nullptr)),
  };
  if (!out.key || !out.certificate) return broken("an identity from its files");
  return out;
}

base::Result<Handle<evp_pkey_st>> make_key(KeyAlgorithm algorithm, int bits) {
  Handle<EVP_PKEY> key;
  switch (algorithm) {
    case KeyAlgorithm::rsa:
      key.reset(EVP_RSA_gen(static_cast<unsigned>(bits)));
      break;
    case KeyAlgorithm::ecdsa_p256:
      key.reset(EVP_EC_gen("P-256"));
      break;
    case KeyAlgorithm::ecdsa_p384:
      key.reset(EVP_EC_gen("P-384"));
      break;
    case KeyAlgorithm::ed25519:
      key.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
      break;
  }
  if (!key) return broken("a key");
  return key;
}

base::Result<Handle<x509_st>> make_certificate(const Wish& wish, evp_pkey_st* key,
                                               const Making& making) {
  Handle<X509> out(X509_new());
  base::Bytes serial = base::SystemRandom().bytes(16);
  serial[0] = static_cast<char>((serial[0] & 0x3f) | 0x40);  // positive, always as long
  Handle<BIGNUM> number(BN_bin2bn(unsigned_of(serial), static_cast<int>(serial.size()), nullptr));
  X509* const issuer = making.issuer != nullptr ? making.issuer->certificate.get() : out.get();
  EVP_PKEY* const issuer_key = making.issuer != nullptr ? making.issuer->key.get() : key;
  if (!out || !number || X509_set_version(out.get(), 2) != 1 ||
      BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(out.get())) == nullptr ||
      !name_it(X509_get_subject_name(out.get()), wish) ||
      X509_set_issuer_name(out.get(), X509_get_subject_name(issuer)) != 1 ||
      !set_times(out.get(), *wish.not_before, *wish.not_after) ||
      X509_set_pubkey(out.get(), key) != 1 ||
      !extend(out.get(), issuer, extensions_of(wish, making)) ||
      X509_sign(out.get(), issuer_key, digest_for(issuer_key, wish.digest)) <= 0) {
    return broken("a certificate");
  }
  return out;
}

base::Result<base::Bytes> make_crl(const Identity& issuer, const std::vector<Revoked>& revoked,
                                   base::Time now, base::Duration valid_for) {
  Handle<X509_CRL> out(X509_CRL_new());
  const auto from = asn1_time(now), to = asn1_time(now + valid_for);
  if (!out || X509_CRL_set_version(out.get(), 1) != 1 ||
      X509_CRL_set_issuer_name(out.get(), X509_get_subject_name(issuer.certificate.get())) != 1 ||
      X509_CRL_set1_lastUpdate(out.get(), from.get()) != 1 ||
      X509_CRL_set1_nextUpdate(out.get(), to.get()) != 1) {
    return broken("a CRL");
  }
  for (const Revoked& one : revoked) {
    if (one.at > now) continue;
    Handle<X509_REVOKED> entry(X509_REVOKED_new());
    Handle<BIGNUM> number(
        BN_bin2bn(unsigned_of(one.serial), static_cast<int>(one.serial.size()), nullptr));
    Handle<ASN1_INTEGER> serial(BN_to_ASN1_INTEGER(number.get(), nullptr));
    const auto at = asn1_time(one.at);
    if (!entry || !serial || X509_REVOKED_set_serialNumber(entry.get(), serial.get()) != 1 ||
        X509_REVOKED_set_revocationDate(entry.get(), at.get()) != 1 ||
        X509_CRL_add0_revoked(out.get(), entry.get()) != 1) {
      return broken("a CRL");
    }
    static_cast<void>(entry.release());  // the list's now
  }
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer.certificate.get(), nullptr, nullptr, out.get(), 0);
  Handle<X509_EXTENSION> key_id(
      X509V3_EXT_conf(nullptr, &context, "authorityKeyIdentifier", "keyid:always"));
  Handle<ASN1_INTEGER> number(ASN1_INTEGER_new());
  ASN1_INTEGER_set_int64(number.get(), base::to_micros(now) / 1000000);
  if (!key_id || X509_CRL_add_ext(out.get(), key_id.get(), -1) != 1 ||
      X509_CRL_add1_ext_i2d(out.get(), NID_crl_number, number.get(), 0, 0) != 1 ||
      X509_CRL_sort(out.get()) != 1 ||
      X509_CRL_sign(out.get(), issuer.key.get(), digest_for(issuer.key.get(), "SHA256")) <= 0) {
    return broken("a CRL");
  }
  const int size = i2d_X509_CRL(out.get(), nullptr);
  base::Bytes der(static_cast<std::size_t>(size), '\0');
  unsigned char* at = unsigned_of(der);
  i2d_X509_CRL(out.get(), &at);
  return der;
}

}  // namespace trust::demo
