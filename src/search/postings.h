// Which documents of a segment have a term, as bytes, and many such lists on pages. The format:
// docs/formats/search-index.md.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace search {

// Where in a document a term stands: one bit each.
enum Field : std::uint8_t {
  kNotation = 1,
  kSubject = 2,
  kSender = 4,
  kRecipients = 8,
  kType = 16,
  kSigner = 32,
  kContent = 64,
  kAttachments = 128,
};

struct Posting {
  std::uint32_t document = 0;  // counted within the segment
  std::uint8_t variant = 0;    // fold.h
  std::uint8_t fields = 0;
};

// The postings of one term in one segment, by document; a document stands there once for each
// variant.
struct List {
  std::uint32_t count = 0;  // of postings
  std::uint32_t last = 0;   // the last document
  base::Bytes bytes;

  // `posting.document` is not before the last one.
  void add(const Posting& posting);
  // `more` is of the segment that begins `shift` documents after this one.
  void append(const List& more, std::uint32_t shift);
  // Calls `see` for each; false when the bytes are damaged.
  template <class See>
  bool each(See see) const;
};

// Lists by term; a term that begins with '=' has raw bytes, four for each document.
using Lists = std::map<std::string, List, std::less<>>;

struct Page {
  std::string first;  // its first term
  base::Bytes data;
};
// Lists of a page together are about kPageBytes; a longer one has a page of its own.
inline constexpr std::size_t kPageBytes = 8192;
std::vector<Page> pages_of(const Lists& lists);
// Calls `see` with each list of a page; false when it is damaged. The list lasts for the call.
bool each_list(base::BytesView page,
               const std::function<void(std::string_view term, const List&)>& see);
// The list of `term` on a page; empty when it is not there, nothing when the page is damaged.
std::optional<List> list_of(base::BytesView page, std::string_view term);

void put_varint(base::Bytes& to, std::uint64_t number);
// Moves `at` behind the number; false at the end or when it is too long.
bool get_varint(base::BytesView from, std::size_t& at, std::uint64_t& number);

template <class See>
bool List::each(See see) const {
  constexpr std::size_t kLeast = 3;  // bytes of a posting
  std::size_t at = 0;
  std::uint64_t document = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (bytes.size() - at < kLeast) return false;
    // Nearly every step is of one byte.
    std::uint64_t step = static_cast<unsigned char>(bytes[at]);
    if (step < 0x80) {
      ++at;
    } else if (!get_varint(bytes, at, step) || bytes.size() - at < 2) {
      return false;
    }
    document += step;
    if (document > last) return false;
    see(Posting{static_cast<std::uint32_t>(document), static_cast<std::uint8_t>(bytes[at]),
                static_cast<std::uint8_t>(bytes[at + 1])});
    at += 2;
  }
  return at == bytes.size();
}

}  // namespace search
