#include "trust/signing/request.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <algorithm>

#include "base/hash.h"
#include "base/random.h"
#include "base/text.h"
#include "trust/certificate.h"
#include "trust/signing/der.h"
#include "trust/signing/public_key.h"

namespace trust::signing {
namespace {

constexpr std::string_view kRsaSha256 = "1.2.840.113549.1.1.11";
constexpr std::string_view kEcdsaSha256 = "1.2.840.10045.4.3.2";
constexpr std::string_view kEd25519 = "1.3.101.112";

base::Error malformed_subject(const std::string& en, const std::string& vi) {
  return {base::Code::invalid, "trust.subject_malformed",
          "The subject cannot stand in a certificate: " + en,
          "Thông tin chủ thể không hợp lệ để ghi vào chứng thư số: " + vi};
}

base::Error mismatch() {
  return {base::Code::invalid, "trust.key_mismatch",
          "What the key signs does not verify with its certificate.",
          "Chữ ký do khóa tạo ra không khớp với chứng thư số của khóa."};
}

struct Part {
  std::string_view type;
  const std::string& value;
  std::size_t size_max;  // X.520 upper bounds, in characters; here bytes / 4 of UTF-8 at the worst
  bool printable = false;
};

base::Result<base::Bytes> name_of(const Subject& subject) {
  const Part parts[] = {{"2.5.4.6", subject.country, 2, true},
                        {"2.5.4.8", subject.province, 128},
                        {"2.5.4.7", subject.locality, 128},
                        {"2.5.4.10", subject.organisation, 64},
                        {"2.5.4.11", subject.unit, 64},
                        {"2.5.4.3", subject.name, 64},
                        {"0.9.2342.19200300.100.1.1", subject.id, 256}};
  if (subject.name.empty()) return malformed_subject("it has no name.", "thiếu tên.");
  base::Bytes name;
  for (const Part& part : parts) {
    if (part.value.empty()) continue;
    std::size_t characters = 0;
    bool control = false;
    for (const char c : part.value) {
      characters += (static_cast<unsigned char>(c) & 0xc0) != 0x80 ? 1 : 0;
      control = control || static_cast<unsigned char>(c) < 0x20;
    }
    if (!base::is_utf8(part.value) || control || characters > part.size_max) {
      return malformed_subject(
          "\"" + std::string(base::cut_utf8(part.value, 80)) + "\" is longer than " +
              std::to_string(part.size_max) + " characters or has control characters.",
          "\"" + std::string(base::cut_utf8(part.value, 80)) + "\" dài quá " +
              std::to_string(part.size_max) + " ký tự hoặc có ký tự điều khiển.");
    }
    const base::Bytes value =
        part.printable ? der::element(0x13, part.value) : der::utf8(part.value);
    name += der::set({der::sequence({der::oid(part.type), value})});
  }
  return der::element(0x30, name);
}

// The extensionRequest attribute (RFC 2985 §5.4.2).
base::Bytes extensions(const Subject& subject) {
  // keyUsage: digitalSignature, nonRepudiation.
  const base::Bytes usage = der::sequence({der::oid("2.5.29.15"), der::element(0x01, "\xff"),
                                           der::octets(der::element(0x03, "\x06\xc0"))});
  base::Bytes alternative;
  if (!subject.email.empty()) {
    alternative = der::sequence(
        {der::oid("2.5.29.17"), der::octets(der::sequence({der::element(0x81, subject.email)}))});
  }
  return der::sequence(
      {der::oid("1.2.840.113549.1.9.14"), der::set({der::sequence({usage, alternative})})});
}

std::string pem(std::string_view what, base::BytesView der) {
  const std::string text = base::base64(der);
  std::string out = "-----BEGIN " + std::string(what) + "-----\n";
  for (std::size_t at = 0; at < text.size(); at += 64) out += text.substr(at, 64) + "\n";
  return out + "-----END " + std::string(what) + "-----\n";
}

}  // namespace

base::Result<Subject> parse_subject(std::string_view text) {
  Subject subject;
  const std::pair<std::string_view, std::string*> known[] = {
      {"C", &subject.country},      {"ST", &subject.province}, {"L", &subject.locality},
      {"O", &subject.organisation}, {"OU", &subject.unit},     {"CN", &subject.name},
      {"UID", &subject.id},         {"E", &subject.email}};
  for (std::size_t at = 0; at < text.size();) {
    std::string type, value;
    bool in_value = false;
    for (; at < text.size() && text[at] != ','; ++at) {
      if (text[at] == '\\' && at + 1 < text.size()) {
        (in_value ? value : type) += text[++at];
      } else if (text[at] == '=' && !in_value) {
        in_value = true;
      } else {
        (in_value ? value : type) += text[at];
      }
    }
    ++at;
    const std::string name(base::trim(type));
    const auto* found = std::find_if(std::begin(known), std::end(known),
                                     [&](const auto& one) { return one.first == name; });
    if (found == std::end(known) || !in_value) {
      return malformed_subject("\"" + name +
                                   "\" is none of C, ST, L, O, OU, CN, UID, E; write "
                                   "\"CN=NAME,O=ORGANISATION\".",
                               "\"" + name +
                                   "\" không phải C, ST, L, O, OU, CN, UID, E; hãy ghi "
                                   "\"CN=TÊN,O=CƠ QUAN\".");
    }
    *found->second = base::trim(value);
  }
  if (subject.name.empty()) return malformed_subject("it has no CN=NAME.", "thiếu CN=TÊN.");
  return subject;
}

base::Result<base::Bytes> create_key_pem(KeyAlgorithm algorithm, int bits,
                                         std::string_view password, int rounds) {
  const ErrorQueue errors;
  Handle<EVP_PKEY> key;
  switch (algorithm) {
    case KeyAlgorithm::rsa:
      if (bits == 2048 || bits == 3072 || bits == 4096) {
        key.reset(EVP_RSA_gen(static_cast<unsigned>(bits)));
      }
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
  if (!key) {
    return base::Error(base::Code::invalid, "trust.key_malformed",
                       "A key of this kind cannot be made; RSA keys have 2048, 3072 or 4096 bits.",
                       "Không tạo được khóa loại này; khóa RSA dài 2048, 3072 hoặc 4096 bit.");
  }
  return write_key_pem(key.get(), password, rounds);
}

base::Result<base::Bytes> certificate_request(SigningKey& key, const Subject& subject) {
  const bool ascii = std::all_of(subject.email.begin(), subject.email.end(),
                                 [](char c) { return c > 0x20 && c < 0x7f; });
  if (!ascii || subject.email.size() > 255) {
    return malformed_subject("the e-mail address is not ASCII.",
                             "địa chỉ thư điện tử chỉ được dùng ký tự ASCII.");
  }
  const base::Bytes name = TRY(name_of(subject));
  const base::Bytes public_key = TRY(key.public_key());
  const base::Bytes info =
      der::sequence({der::integer(0), name, public_key, der::context(0, extensions(subject))});
  const bool pure = key.algorithm() == KeyAlgorithm::ed25519;
  const base::Bytes to_sign = pure ? info : base::sha256(info);
  const base::Bytes signature = TRY(key.sign_one(to_sign));
  if (!verifies(public_key, to_sign, signature)) return mismatch();
  const base::Bytes algorithm = pure ? der::algorithm(kEd25519, false)
                                : key.algorithm() == KeyAlgorithm::rsa
                                    ? der::algorithm(kRsaSha256, true)
                                    : der::algorithm(kEcdsaSha256, false);
  return pem("CERTIFICATE REQUEST", der::sequence({info, algorithm, der::bits(signature)}));
}

base::Result<void> check_key(SigningKey& key) {
  base::SystemRandom random;
  const base::Bytes challenge = random.bytes(base::kSha256Bytes);
  const base::Bytes signature = TRY(key.sign_one(challenge));
  const base::Bytes public_key = TRY(key.public_key());
  if (!verifies(public_key, challenge, signature)) return mismatch();
  return base::done();
}

}  // namespace trust::signing
