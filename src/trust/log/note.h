// Signed notes (c2sp.org/signed-note) with Ed25519, and timestamped cosignatures
// (c2sp.org/tlog-cosignature). OpenSSL stays behind note.cc.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"
#include "base/result.h"
#include "base/time.h"

namespace trust::log {

inline constexpr std::size_t kNoteBytesMax = 64u << 10;
inline constexpr std::size_t kNoteSignaturesMax = 64;

// The algorithm byte of a key.
enum class NoteAlgorithm : unsigned char { ed25519 = 0x01, cosignature = 0x04 };

struct NoteSignature {
  std::string name;
  std::uint32_t id = 0;
  base::Bytes bytes;  // without the id
};

// "— name base64\n"
std::string line_of(const NoteSignature& signature);

struct Note {
  std::string text;  // with its last line end
  std::vector<NoteSignature> signatures;
  std::string to_bytes() const;
};

// Reads, checks nothing; trust.note_malformed (invalid).
base::Result<Note> parse_note(base::BytesView bytes);
// Signature lines alone, as a witness answers.
base::Result<std::vector<NoteSignature>> parse_signature_lines(base::BytesView bytes);

// Whose signatures are believed.
class NoteVerifier {
 public:
  // "name+id+base64"; trust.note_key_malformed (invalid).
  static base::Result<NoteVerifier> parse(std::string_view text);
  NoteVerifier(std::string name, NoteAlgorithm algorithm, base::Bytes public_key);
  const std::string& name() const { return name_; }
  std::uint32_t id() const { return id_; }
  NoteAlgorithm algorithm() const { return algorithm_; }
  std::string text() const;

  bool made(const NoteSignature& signature) const {
    return signature.name == name_ && signature.id == id_;
  }
  // Whether `signature` is this key's over `text`. A cosignature's time goes to `at`.
  bool verify(std::string_view text, const NoteSignature& signature,
              base::Time* at = nullptr) const;

 private:
  std::string name_;
  NoteAlgorithm algorithm_;
  base::Bytes public_key_;
  std::uint32_t id_;
};

// A private key that signs notes. Any thread.
class NoteSigner {
 public:
  virtual ~NoteSigner() = default;
  virtual const NoteVerifier& verifier() const = 0;
  // `at` goes into cosignatures, and only there. trust.key_unavailable.
  virtual base::Result<NoteSignature> sign(std::string_view text, base::Time at) const = 0;
};

// From "PRIVATE+KEY+name+id+base64"; trust.note_key_malformed.
base::Result<std::unique_ptr<NoteSigner>> note_signer(std::string_view private_key);
// A new private key as such a text, one line. The name may hold neither a space nor '+'.
base::Result<std::string> new_note_key(std::string_view name, NoteAlgorithm algorithm,
                                       base::Random& random);

// Adds what `signer` says of the note's text.
base::Result<void> sign_note(Note& note, const NoteSigner& signer, base::Time at);

// ok when `key` signed the note; trust.note_unsigned (forbidden) when no signature is of that key,
// trust.note_signature_wrong (invalid) when one is and does not verify.
base::Result<void> check_note(const Note& note, const NoteVerifier& key, base::Time* at = nullptr);

}  // namespace trust::log
