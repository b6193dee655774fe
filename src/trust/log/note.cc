#include "trust/log/note.h"

#include <openssl/evp.h>

#include <charconv>

#include "base/check.h"
#include "base/hash.h"
#include "base/text.h"

namespace trust::log {

using base::Bytes;
using base::BytesView;
using base::Code;
using base::Error;
using base::Result;

namespace {

constexpr std::string_view kDash = "\xe2\x80\x94 ";  // an em dash and a space
constexpr std::string_view kPrivate = "PRIVATE+KEY+";
constexpr std::size_t kKeyBytes = 32, kSignatureBytes = 64;

Error malformed(const char* vi, const char* en) {
  return Error(Code::invalid, "trust.note_malformed", std::string("not a signed note: ") + en,
               std::string("Không phải ghi chú đã ký: ") + vi);
}

Error key_malformed(std::string_view en) {
  return Error(Code::invalid, "trust.note_key_malformed",
               "the key of a log or witness cannot be read: " + std::string(en),
               "Không đọc được khóa của nhật ký hoặc nhân chứng");
}

Bytes big_endian(std::uint64_t value, int bytes) {
  Bytes out;
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(value >> shift & 0xff));
  }
  return out;
}

std::uint64_t number_of(BytesView bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

std::string id_text(std::uint32_t id) { return base::hex(big_endian(id, 4)); }

std::uint32_t id_of(std::string_view name, NoteAlgorithm algorithm, BytesView public_key) {
  Bytes content(name);
  content += '\n';
  content += static_cast<char>(algorithm);
  content += public_key;
  return static_cast<std::uint32_t>(number_of(base::sha256(content).substr(0, 4)));
}

// Of Unicode's spaces the ASCII ones and those in general use; a control character is none of ours.
bool name_is_good(std::string_view name) {
  if (name.empty() || name.size() > 255 || !base::is_utf8(name)) return false;
  for (const char c : name) {
    if (static_cast<unsigned char>(c) <= 0x20 || c == '+' || c == 0x7f) return false;
  }
  for (const std::string_view space :
       {"\xc2\xa0", "\xc2\x85", "\xe2\x80\xa8", "\xe2\x80\xa9", "\xe3\x80\x80", "\xe1\x9a\x80",
        "\xe2\x81\x9f", "\xe2\x80\xaf"}) {
    if (name.find(space) != std::string_view::npos) return false;
  }
  for (std::size_t at = name.find("\xe2\x80"); at != std::string_view::npos;
       at = name.find("\xe2\x80", at + 1)) {
    const auto last = static_cast<unsigned char>(name[at + 2]);
    if (last >= 0x80 && last <= 0x8a) return false;
  }
  return true;
}

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using KeyHandle = std::unique_ptr<EVP_PKEY, FreeKey>;
using ContextHandle = std::unique_ptr<EVP_MD_CTX, FreeContext>;

const unsigned char* unsigned_of(BytesView bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

bool ed25519_verify(BytesView public_key, BytesView message, BytesView signature) {
  const KeyHandle key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr,
                                                  unsigned_of(public_key), public_key.size()));
  const ContextHandle context(EVP_MD_CTX_new());
  return key && context &&
         EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(), unsigned_of(signature), signature.size(),
                          unsigned_of(message), message.size()) == 1;
}

std::string cosigned_message(std::string_view text, std::uint64_t seconds) {
  return "cosignature/v1\ntime " + std::to_string(seconds) + "\n" + std::string(text);
}

class Ed25519Signer : public NoteSigner {
 public:
  Ed25519Signer(KeyHandle key, NoteVerifier verifier)
      : key_(std::move(key)), verifier_(std::move(verifier)) {}
  const NoteVerifier& verifier() const override { return verifier_; }
  Result<NoteSignature> sign(std::string_view text, base::Time at) const override {
    NoteSignature out{verifier_.name(), verifier_.id(), {}};
    Bytes message(text);
    if (verifier_.algorithm() == NoteAlgorithm::cosignature) {
      const auto seconds = static_cast<std::uint64_t>(base::to_micros(at) / 1'000'000);
      message = cosigned_message(text, seconds);
      out.bytes = big_endian(seconds, 8);
    }
    Bytes signature(kSignatureBytes, '\0');
    std::size_t size = signature.size();
    const ContextHandle context(EVP_MD_CTX_new());
    if (!context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) != 1 ||
        EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                       unsigned_of(message), message.size()) != 1) {
      return Error(Code::unavailable, "trust.key_unavailable", "the log's key could not sign",
                   "Khóa của nhật ký không ký được");
    }
    out.bytes += signature;
    return out;
  }

 private:
  KeyHandle key_;
  NoteVerifier verifier_;
};

struct KeyText {
  std::string_view name;
  std::uint32_t id = 0;
  NoteAlgorithm algorithm = NoteAlgorithm::ed25519;
  Bytes key;
};

// base64 may hold '+', so only the first two are separators.
Result<KeyText> parse_key(std::string_view text) {
  text = base::trim(text);
  const std::size_t first = text.find('+');
  const std::size_t second = first == text.npos ? text.npos : text.find('+', first + 1);
  if (second == text.npos) return key_malformed("it is not name+id+key");
  KeyText out;
  out.name = text.substr(0, first);
  if (!name_is_good(out.name)) return key_malformed("its name is empty or has spaces");
  const auto id = base::from_hex(text.substr(first + 1, second - first - 1));
  if (!id || id->size() != 4) return key_malformed("its id is not 8 hexadecimal digits");
  out.id = static_cast<std::uint32_t>(number_of(*id));
  const auto key = base::from_base64(text.substr(second + 1));
  if (!key || key->size() != 1 + kKeyBytes) return key_malformed("it is not 33 bytes of base64");
  const auto algorithm = static_cast<unsigned char>(key->front());
  if (algorithm != 0x01 && algorithm != 0x04) return key_malformed("it is not Ed25519");
  out.algorithm = static_cast<NoteAlgorithm>(algorithm);
  out.key = key->substr(1);
  return out;
}

Result<NoteSignature> parse_line(std::string_view line) {
  if (!line.starts_with(kDash)) return malformed("dòng chữ ký sai", "a signature line is wrong");
  line.remove_prefix(kDash.size());
  const std::size_t space = line.find(' ');
  if (space == line.npos || !name_is_good(line.substr(0, space)) ||
      line.find_first_of(" \t\r", space + 1) != line.npos) {
    return malformed("dòng chữ ký sai", "a signature line is wrong");
  }
  const auto bytes = base::from_base64(line.substr(space + 1));
  if (!bytes || bytes->size() < 5) {
    return malformed("chữ ký không phải base64", "a signature is not base64");
  }
  return NoteSignature{std::string(line.substr(0, space)),
                       static_cast<std::uint32_t>(number_of(bytes->substr(0, 4))),
                       bytes->substr(4)};
}

}  // namespace

std::string line_of(const NoteSignature& signature) {
  return std::string(kDash) + signature.name + " " +
         base::base64(big_endian(signature.id, 4) + signature.bytes) + "\n";
}

std::string Note::to_bytes() const {
  std::string out = text + "\n";
  for (const NoteSignature& signature : signatures) out += line_of(signature);
  return out;
}

Result<Note> parse_note(BytesView bytes) {
  if (bytes.size() > kNoteBytesMax) return malformed("quá lớn", "it is too large");
  if (!base::is_utf8(bytes)) return malformed("không phải UTF-8", "it is not UTF-8");
  for (const char c : bytes) {
    if (static_cast<unsigned char>(c) < 0x20 && c != '\n') {
      return malformed("có ký tự điều khiển", "it has control characters");
    }
  }
  const std::size_t blank = bytes.rfind("\n\n");
  if (blank == bytes.npos || blank == 0) return malformed("thiếu chữ ký", "it has no signatures");
  Note note;
  note.text = std::string(bytes.substr(0, blank + 1));
  note.signatures = TRY(parse_signature_lines(bytes.substr(blank + 2)));
  return note;
}

Result<std::vector<NoteSignature>> parse_signature_lines(BytesView bytes) {
  std::vector<NoteSignature> out;
  if (bytes.empty() || bytes.back() != '\n' || bytes.size() > kNoteBytesMax) {
    return malformed("thiếu chữ ký", "it has no signatures");
  }
  bytes.remove_suffix(1);
  for (const std::string_view line : base::split(bytes, '\n')) {
    if (out.size() == kNoteSignaturesMax) {
      return malformed("quá nhiều chữ ký", "it has too many signatures");
    }
    out.push_back(TRY(parse_line(line)));
  }
  return out;
}

NoteVerifier::NoteVerifier(std::string name, NoteAlgorithm algorithm, Bytes public_key)
    : name_(std::move(name)),
      algorithm_(algorithm),
      public_key_(std::move(public_key)),
      id_(id_of(name_, algorithm_, public_key_)) {}

Result<NoteVerifier> NoteVerifier::parse(std::string_view text) {
  const KeyText key = TRY(parse_key(text));
  NoteVerifier verifier(std::string(key.name), key.algorithm, key.key);
  if (verifier.id() != key.id) return key_malformed("its id is another key's");
  return verifier;
}

std::string NoteVerifier::text() const {
  return name_ + "+" + id_text(id_) + "+" +
         base::base64(static_cast<char>(algorithm_) + public_key_);
}

bool NoteVerifier::verify(std::string_view text, const NoteSignature& signature,
                          base::Time* at) const {
  if (!made(signature)) return false;
  BytesView bytes = signature.bytes;
  if (algorithm_ == NoteAlgorithm::ed25519) {
    return bytes.size() == kSignatureBytes && ed25519_verify(public_key_, text, bytes);
  }
  if (bytes.size() != 8 + kSignatureBytes) return false;
  const std::uint64_t seconds = number_of(bytes.substr(0, 8));
  constexpr std::uint64_t kSecondsMax = 9'000'000'000'000;  // as microseconds in 63 bits
  if (seconds > kSecondsMax) return false;
  if (at != nullptr) *at = base::from_micros(static_cast<std::int64_t>(seconds) * 1'000'000);
  return ed25519_verify(public_key_, cosigned_message(text, seconds), bytes.substr(8));
}

Result<std::unique_ptr<NoteSigner>> note_signer(std::string_view private_key) {
  private_key = base::trim(private_key);
  if (!private_key.starts_with(kPrivate)) return key_malformed("it is not a private key");
  const KeyText text = TRY(parse_key(private_key.substr(kPrivate.size())));
  KeyHandle key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, unsigned_of(text.key),
                                             text.key.size()));
  Bytes public_key(kKeyBytes, '\0');
  std::size_t size = public_key.size();
  if (!key || EVP_PKEY_get_raw_public_key(
                  key.get(), reinterpret_cast<unsigned char*>(public_key.data()), &size) != 1) {
    return key_malformed("it is not Ed25519");
  }
  NoteVerifier verifier(std::string(text.name), text.algorithm, public_key);
  if (verifier.id() != text.id) return key_malformed("its id is another key's");
  return std::unique_ptr<NoteSigner>(
      std::make_unique<Ed25519Signer>(std::move(key), std::move(verifier)));
}

Result<std::string> new_note_key(std::string_view name, NoteAlgorithm algorithm,
                                 base::Random& random) {
  if (!name_is_good(name)) return key_malformed("its name is empty or has spaces");
  const Bytes seed = random.bytes(kKeyBytes);
  const KeyHandle key(
      EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, unsigned_of(seed), seed.size()));
  Bytes public_key(kKeyBytes, '\0');
  std::size_t size = public_key.size();
  CHECK(key && EVP_PKEY_get_raw_public_key(
                   key.get(), reinterpret_cast<unsigned char*>(public_key.data()), &size) == 1);
  return std::string(kPrivate) + std::string(name) + "+" +
         id_text(id_of(name, algorithm, public_key)) + "+" +
         base::base64(static_cast<char>(algorithm) + seed);
}

Result<void> sign_note(Note& note, const NoteSigner& signer, base::Time at) {
  note.signatures.push_back(TRY(signer.sign(note.text, at)));
  return base::done();
}

Result<void> check_note(const Note& note, const NoteVerifier& key, base::Time* at) {
  bool found = false;
  for (const NoteSignature& signature : note.signatures) {
    if (!key.made(signature)) continue;
    if (!key.verify(note.text, signature, at)) {
      return Error(Code::invalid, "trust.note_signature_wrong",
                   "the signature of " + key.name() + " does not verify",
                   "Chữ ký của " + key.name() + " không khớp");
    }
    found = true;
  }
  if (!found) {
    return Error(Code::forbidden, "trust.note_unsigned", key.name() + " has not signed it",
                 key.name() + " chưa ký");
  }
  return base::done();
}

}  // namespace trust::log
