// A PDF as a strict reader sees it: header, the chain of cross-reference sections from the last
// startxref backwards, objects where the sections say that they are. Nothing is repaired. Objects
// are read when asked for and only a few kept, streams are never loaded: memory does not grow with
// the file, only (24 bytes each) with the number of its objects.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "trust/judge.h"
#include "trust/pdf/lexer.h"
#include "trust/pdf/object.h"

namespace trust::pdf {

// What looking at one document may cost altogether; shared by all that look at it.
class Budget {
 public:
  Budget(const Limits& limits, std::int64_t deadline_micros);
  // trust.pdf_limit, trust.out_of_time.
  base::Result<void> spend(std::uint64_t bytes);
  base::Result<void> time() const;
  std::uint64_t held_max() const { return held_max_; }
  std::size_t objects_max() const { return static_cast<std::size_t>(held_max_ / 64); }

 private:
  const std::int64_t deadline_micros_;  // 0: never
  const std::uint64_t held_max_;
  std::uint64_t left_;
};

struct Place {  // of an object: its entry in the cross-reference table
  enum class Kind : std::uint8_t { free, plain, packed };
  std::uint64_t where = 0;  // byte of the file; number of the object stream
  std::uint32_t number = 0;
  std::uint32_t which = 0;  // generation; index in the object stream
  Kind kind = Kind::free;
  bool operator==(const Place&) const = default;
};

struct Indirect {
  Object value;
  bool stream = false;
  std::uint64_t data = 0, size = 0;  // of the stream, as it is in the file
};

class File {
 public:
  // `end`: only that many bytes are looked at. With `exact` nothing but white space may follow the
  // last %%EOF. trust.pdf_malformed, trust.pdf_limit, trust.pdf_filter_unknown, trust.out_of_time.
  static base::Result<std::unique_ptr<File>> open(const Source& source, std::uint64_t end,
                                                  bool exact, Budget& budget);

  const Dict& trailer() const { return trailer_; }
  const std::vector<Place>& places() const { return places_; }  // by number
  const Place* place(std::uint32_t number) const;               // null when free or not there

  // The object; null when there is none of that number and generation, as §7.3.10 says.
  base::Result<Indirect> load(Ref ref) const;
  base::Result<Indirect> load(const Place& place) const;
  // What `object` refers to, or itself.
  base::Result<Object> resolve(const Object& object) const;
  // The decoded stream, at most `max` bytes.
  base::Result<base::Bytes> decoded(const Indirect& stream, std::uint64_t max) const;
  const Source& source() const { return prefix_; }
  Budget& budget() const { return budget_; }

  bool encrypted() const { return trailer_.find("Encrypt") != nullptr; }
  bool hybrid() const { return hybrid_; }
  std::uint64_t header_at() const { return header_at_; }
  std::uint64_t startxref() const { return startxref_; }
  const std::vector<std::uint64_t>& sections() const { return sections_; }  // newest first
  std::uint64_t end() const { return end_; }            // after the last %%EOF and its end of line
  std::uint64_t trailing() const { return trailing_; }  // bytes after it that are not white space

 private:
  friend class XrefReader;
  File(const Source& source, std::uint64_t end, Budget& budget)
      : prefix_(source, end), budget_(budget) {}
  base::Result<void> find_ends(bool exact);
  base::Result<Indirect> load_plain(const Place& place) const;
  base::Result<Indirect> read_plain(const Place& place, std::uint64_t& bytes) const;
  base::Result<Indirect> load_packed(const Place& place) const;

  const Prefix prefix_;
  Budget& budget_;
  Dict trailer_;
  std::vector<Place> places_;
  std::vector<std::uint64_t> sections_;
  std::uint64_t header_at_ = 0, startxref_ = 0, end_ = 0, trailing_ = 0;
  bool hybrid_ = false;
  // The first objects that were read, as a judgement asks for the same few again and again; by
  // place, with the bytes that they took in the file.
  struct Read {
    Place place;
    Indirect object;
    std::uint64_t bytes = 0;
  };
  mutable std::map<std::uint64_t, Read> read_;
  mutable std::uint64_t read_bytes_ = 0;
  // The object stream that was last asked for, since its objects are asked for one after the other.
  mutable std::uint64_t unpacked_number_ = 0;
  mutable base::Bytes unpacked_;
  mutable bool unpacking_ = false;
  mutable std::vector<std::pair<std::uint32_t, std::uint64_t>> unpacked_index_;  // number, offset
};

}  // namespace trust::pdf
