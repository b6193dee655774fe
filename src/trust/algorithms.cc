#include "trust/algorithms.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/rsa.h>

#include <array>

#include "base/check.h"
#include "trust/certificate.h"

namespace trust {
namespace {

using Kind = SignatureAlgorithm::Kind;

struct KnownDigest {
  std::string_view name, oid;
  const char* fetched_as;
};
constexpr KnownDigest kDigests[] = {
    {"SHA-256", "2.16.840.1.101.3.4.2.1", "SHA256"},
    {"SHA-384", "2.16.840.1.101.3.4.2.2", "SHA384"},
    {"SHA-512", "2.16.840.1.101.3.4.2.3", "SHA512"},
    {"SHA-224", "2.16.840.1.101.3.4.2.4", "SHA224"},
    {"SHA3-256", "2.16.840.1.101.3.4.2.8", "SHA3-256"},
    {"SHA3-384", "2.16.840.1.101.3.4.2.9", "SHA3-384"},
    {"SHA3-512", "2.16.840.1.101.3.4.2.10", "SHA3-512"},
    {"SHA-1", "1.3.14.3.2.26", "SHA1"},
    {"MD5", "1.2.840.113549.2.5", "MD5"},
};
constexpr std::size_t kDigestCount = std::size(kDigests);

// Fetched once: EVP_get_digestbyname's are looked up at every use.
const std::array<const EVP_MD*, kDigestCount>& fetched() {
  static const auto all = [] {
    std::array<const EVP_MD*, kDigestCount> out{};
    for (std::size_t i = 0; i < kDigestCount; ++i) {
      out[i] = EVP_MD_fetch(nullptr, kDigests[i].fetched_as, nullptr);
    }
    return out;
  }();
  return all;
}

struct KnownSignature {
  std::string_view oid;
  Kind kind;
  std::string_view digest;
};
constexpr KnownSignature kSignatures[] = {
    {"1.2.840.113549.1.1.1", Kind::rsa_pkcs1, ""},
    {"1.2.840.113549.1.1.11", Kind::rsa_pkcs1, "SHA-256"},
    {"1.2.840.113549.1.1.12", Kind::rsa_pkcs1, "SHA-384"},
    {"1.2.840.113549.1.1.13", Kind::rsa_pkcs1, "SHA-512"},
    {"1.2.840.113549.1.1.14", Kind::rsa_pkcs1, "SHA-224"},
    {"1.2.840.113549.1.1.5", Kind::rsa_pkcs1, "SHA-1"},
    {"1.2.840.113549.1.1.4", Kind::rsa_pkcs1, "MD5"},
    {"2.16.840.1.101.3.4.3.14", Kind::rsa_pkcs1, "SHA3-256"},
    {"2.16.840.1.101.3.4.3.15", Kind::rsa_pkcs1, "SHA3-384"},
    {"2.16.840.1.101.3.4.3.16", Kind::rsa_pkcs1, "SHA3-512"},
    {"1.2.840.10045.2.1", Kind::ecdsa, ""},
    {"1.2.840.10045.4.1", Kind::ecdsa, "SHA-1"},
    {"1.2.840.10045.4.3.1", Kind::ecdsa, "SHA-224"},
    {"1.2.840.10045.4.3.2", Kind::ecdsa, "SHA-256"},
    {"1.2.840.10045.4.3.3", Kind::ecdsa, "SHA-384"},
    {"1.2.840.10045.4.3.4", Kind::ecdsa, "SHA-512"},
    {"1.3.101.112", Kind::eddsa, ""},
    {"1.3.101.113", Kind::eddsa, ""},
    {"1.2.840.10040.4.1", Kind::dsa, ""},
    {"1.2.840.10040.4.3", Kind::dsa, "SHA-1"},
    {"2.16.840.1.101.3.4.3.1", Kind::dsa, "SHA-224"},
    {"2.16.840.1.101.3.4.3.2", Kind::dsa, "SHA-256"},
};
constexpr std::string_view kPss = "1.2.840.113549.1.1.10";
constexpr std::string_view kMgf1 = "1.2.840.113549.1.1.8";

// RFC 4055 §3.1; what is absent has its default.
SignatureAlgorithm pss(base::BytesView parameters) {
  SignatureAlgorithm out{Kind::rsa_pss, "SHA-1", "SHA-1", 20};
  if (parameters.empty()) return {};
  const auto sequence = asn1::first(parameters, asn1::kSequence);
  if (!sequence) return {};
  asn1::Reader in(sequence->content);
  if (const auto hash = in.next(asn1::context(0))) {
    asn1::Reader inside(hash->content);
    const auto named = asn1::algorithm(inside);
    if (!named) return {};
    out.digest = digest_name(named->oid);
  }
  if (const auto mask = in.next(asn1::context(1))) {
    asn1::Reader inside(mask->content);
    const auto generator = asn1::algorithm(inside);
    if (!generator || generator->oid != kMgf1) return {};
    asn1::Reader deeper(generator->parameters);
    const auto named = asn1::algorithm(deeper);
    if (!named) return {};
    out.mask_digest = digest_name(named->oid);
  }
  if (const auto salt = in.next(asn1::context(2))) {
    const auto number = asn1::first(salt->content, asn1::kInteger);
    const auto value = number ? asn1::integer(number->content) : std::nullopt;
    if (!value || *value < 0 || *value > 512) return {};
    out.salt = static_cast<int>(*value);
  }
  if (const auto trailer = in.next(asn1::context(3))) {
    const auto number = asn1::first(trailer->content, asn1::kInteger);
    if (!number || asn1::integer(number->content) != 1) return {};
  }
  if (!in.at_end() || out.digest.empty() || out.mask_digest.empty()) return {};
  return out;
}

Handle<EVP_PKEY_CTX> verifying(const EVP_PKEY* key, const SignatureAlgorithm& algorithm) {
  Handle<EVP_PKEY_CTX> out(EVP_PKEY_CTX_new(const_cast<EVP_PKEY*>(key), nullptr));
  if (!out || EVP_PKEY_verify_init(out.get()) != 1) return nullptr;
  if (algorithm.kind == Kind::rsa_pkcs1 &&
      EVP_PKEY_CTX_set_rsa_padding(out.get(), RSA_PKCS1_PADDING) != 1) {
    return nullptr;
  }
  if (algorithm.kind == Kind::rsa_pss &&
      (EVP_PKEY_CTX_set_rsa_padding(out.get(), RSA_PKCS1_PSS_PADDING) != 1 ||
       EVP_PKEY_CTX_set_rsa_mgf1_md(out.get(), digest_named(algorithm.mask_digest)) != 1 ||
       EVP_PKEY_CTX_set_rsa_pss_saltlen(out.get(), algorithm.salt) != 1)) {
    return nullptr;
  }
  if (EVP_PKEY_CTX_set_signature_md(out.get(), digest_named(algorithm.digest)) != 1) return nullptr;
  return out;
}

}  // namespace

std::string_view digest_name(std::string_view oid) {
  for (const KnownDigest& one : kDigests) {
    if (one.oid == oid) return one.name;
  }
  return {};
}

const evp_md_st* digest_named(std::string_view name) {
  for (std::size_t i = 0; i < kDigestCount; ++i) {
    if (kDigests[i].name == name) return fetched()[i];
  }
  return nullptr;
}

Digest::Digest(std::string_view name) : context_(EVP_MD_CTX_new()) {
  CHECK(EVP_DigestInit_ex2(context_.get(), digest_named(name), nullptr) == 1);
}
void Digest::update(base::BytesView bytes) {
  CHECK(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
}
base::Bytes Digest::finish() {
  base::Bytes out(EVP_MAX_MD_SIZE, '\0');
  unsigned size = 0;
  CHECK(EVP_DigestFinal_ex(context_.get(), unsigned_of(out), &size) == 1);
  out.resize(size);
  return out;
}

base::Bytes digest_of(std::string_view name, base::BytesView bytes) {
  Digest digest(name);
  digest.update(bytes);
  return digest.finish();
}

SignatureAlgorithm signature_algorithm(const asn1::Algorithm& identifier) {
  if (identifier.oid == kPss) return pss(identifier.parameters);
  for (const KnownSignature& one : kSignatures) {
    if (one.oid == identifier.oid) return {one.kind, std::string(one.digest), {}, 0};
  }
  return {};
}

std::string_view key_name(const evp_pkey_st* key) {
  switch (key != nullptr ? EVP_PKEY_get_base_id(key) : EVP_PKEY_NONE) {
    case EVP_PKEY_RSA:
    case EVP_PKEY_RSA_PSS:
      return "RSA";
    case EVP_PKEY_EC:
      return "ECDSA";
    case EVP_PKEY_ED25519:
      return "Ed25519";
    case EVP_PKEY_ED448:
      return "Ed448";
    case EVP_PKEY_DSA:
      return "DSA";
    default:
      return "other";
  }
}

std::string signature_text(const SignatureAlgorithm& algorithm, const evp_pkey_st* key) {
  std::string out(key_name(key));
  if (out == "RSA") {
    out += "-" + std::to_string(EVP_PKEY_get_bits(key));
    out += algorithm.kind == Kind::rsa_pss ? " PSS" : " PKCS#1 v1.5";
  } else if (out == "ECDSA") {
    char group[64] = {};
    EVP_PKEY_get_group_name(key, group, sizeof group, nullptr);
    const char* nist = EC_curve_nid2nist(OBJ_txt2nid(group));
    out += " " + std::string(nist != nullptr ? nist : group);
  }
  return out;
}

bool fits(const SignatureAlgorithm& algorithm, const evp_pkey_st* key) {
  const std::string_view name = key_name(key);
  switch (algorithm.kind) {
    case Kind::rsa_pkcs1:
    case Kind::rsa_pss:
      return name == "RSA";
    case Kind::ecdsa:
      return name == "ECDSA";
    case Kind::eddsa:
      return name == "Ed25519" || name == "Ed448";
    case Kind::dsa:
      return name == "DSA";
    case Kind::unknown:
      break;
  }
  return false;
}

bool verifies_digest(const evp_pkey_st* key, const SignatureAlgorithm& algorithm,
                     base::BytesView digest, base::BytesView signature) {
  const auto context = verifying(key, algorithm);
  return context && EVP_PKEY_verify(context.get(), unsigned_of(signature), signature.size(),
                                    unsigned_of(digest), digest.size()) == 1;
}

bool verifies_message(const evp_pkey_st* key, const SignatureAlgorithm& algorithm,
                      base::BytesView message, base::BytesView signature) {
  if (algorithm.kind != Kind::eddsa) {
    return verifies_digest(key, algorithm, digest_of(algorithm.digest, message), signature);
  }
  Handle<EVP_MD_CTX> context(EVP_MD_CTX_new());
  return context &&
         EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr,
                              const_cast<EVP_PKEY*>(key)) == 1 &&
         EVP_DigestVerify(context.get(), unsigned_of(signature), signature.size(),
                          unsigned_of(message), message.size()) == 1;
}

bool signs_something_else(const evp_pkey_st* key, const SignatureAlgorithm& algorithm,
                          base::BytesView digest, base::BytesView signature) {
  if (algorithm.kind != Kind::rsa_pkcs1) return false;
  Handle<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new(const_cast<EVP_PKEY*>(key), nullptr));
  base::Bytes found(static_cast<std::size_t>(EVP_PKEY_get_size(key)), '\0');
  std::size_t size = found.size();
  if (!context || EVP_PKEY_verify_recover_init(context.get()) != 1 ||
      EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) != 1 ||
      EVP_PKEY_CTX_set_signature_md(context.get(), digest_named(algorithm.digest)) != 1 ||
      EVP_PKEY_verify_recover(context.get(), unsigned_of(found), &size, unsigned_of(signature),
                              signature.size()) != 1) {
    return false;
  }
  found.resize(size);
  return found != digest;
}

}  // namespace trust
