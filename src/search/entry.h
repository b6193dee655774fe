// One document as it can be found.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "search/postings.h"

namespace search {

// Text is UTF-8 of any kind; what is too long is cut (Limits).
struct Entry {
  std::int64_t id = 0;  // the document's number; an entry with the same id is replaced
  // "28/2018/QĐ-TTg" and "Sở Y tế": what is shown, and on a second line what it is also found by.
  std::string notation, sender;
  std::string subject, recipients, type, signer;
  int urgency = 0;       // 0 to 4
  std::int32_t day = 0;  // days since 1970 of its date; 0: not known
  std::string content, attachments;
  std::string note;  // why content is missing, for people; not searched
  // The organisations that may see it.
  std::vector<std::int64_t> visible_to;
};

// What is indexed of one entry at most.
struct Limits {
  std::size_t field_bytes = 4096;
  std::size_t recipients_bytes = 16384;
  std::size_t content_bytes = 64 * 1024;
  std::size_t visible_to = 65536;
};
// Composed, within the limits.
Entry within(Entry entry, const Limits& limits);

// Collects entries into the lists of one segment. Entries are given in the order of their numbers.
class SegmentBuilder {
 public:
  // `entry` is within() limits.
  void add(const Entry& entry);
  std::uint32_t documents() const { return documents_; }
  std::int32_t day_min() const { return day_min_; }
  std::int32_t day_max() const { return day_max_; }
  const Lists& lists() const { return lists_; }

 private:
  std::uint32_t documents_ = 0;
  std::int32_t day_min_ = 0, day_max_ = 0;
  Lists lists_;
};

// The term that stands for an organisation that may see a document, and for its urgency.
std::string visible_term(std::int64_t organisation);
std::string urgency_term(int urgency);
// Raw list: the day of each document, four bytes each, little end first.
inline constexpr std::string_view kDayTerm = "=day";

}  // namespace search
