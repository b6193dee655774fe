// Where a PDF's signatures are, what they cover and what they permit (ISO 32000-1 §12.8), before
// any cryptography.
#pragma once
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "trust/judge.h"
#include "trust/pdf/file.h"
#include "trust/pdf/form.h"

namespace trust::pdf {

// What may come after a signature, each more than the one before.
enum class Level : unsigned char {
  long_term,    // what only makes signatures last: validation data, document timestamps, metadata
  form,         // fields that are there filled or signed; a signature that nobody sees (/DocMDP 2)
  signing,      // signatures that show in new places: as long as nothing is said
  annotations,  // /DocMDP 3
  anything,     // nobody may
};

struct Signature {
  std::string field;         // its fully qualified name
  std::uint32_t number = 0;  // of the object with the signature dictionary
  std::string sub_filter;
  bool timestamp = false;  // of the document
  std::array<std::uint64_t, 4> range{};
  std::uint64_t end = 0;                 // of the bytes that it covers, and so of its revision
  std::optional<base::Time> claimed_at;  // /M
  // Why it covers nothing that could be judged: the ByteRange or the /Contents are not what they
  // must be.
  std::optional<base::Text> wrong;
  // /DocMDP: nothing when the signature does not say.
  std::optional<Level> permits;
  // Fields that may not change after it (/FieldMDP).
  bool locks_all = false;
  std::vector<std::string> locked, unlocked;  // by name; `unlocked` are exceptions of locks_all
  bool locks(const std::string& name) const;
};

// The signatures that fields name, in the order of what they cover. Errors as File::load.
base::Result<std::vector<Signature>> signatures_of(const File& file, const Limits& limits);

// A date of §7.9.4, "D:20261122093000+07'00"; local time without a zone is taken as UTC.
std::optional<base::Time> parse_pdf_date(std::string_view text);

// The DER in a signature's /Contents. trust.pdf_malformed, trust.pdf_limit.
base::Result<base::Bytes> contents_of(const File& file, const Signature& signature,
                                      const Limits& limits);

// The two ranges of bytes, in pieces, while there is time.
Feed covered(const Source& source, const std::array<std::uint64_t, 4>& range,
             const Context& context);

}  // namespace trust::pdf
