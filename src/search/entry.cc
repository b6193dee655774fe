#include "search/entry.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "search/terms.h"

namespace search {
namespace {

constexpr std::size_t kWordsMax = 20000;

std::string bounded(const std::string& text, std::size_t bytes) {
  return composed(base::cut_utf8(text, bytes));
}

using Found = std::vector<std::pair<std::string, Posting>>;

void collect(Found& found, std::string_view text, Field field) {
  const std::vector<Term> terms = terms_of(text, kWordsMax);
  for (const Term& term : terms) found.push_back({term.text, {0, term.variant, field}});
  if (field != kSubject) return;
  // Two words of a subject that stand side by side are a term too: most words of Vietnamese are two
  // syllables.
  const Term* before = nullptr;
  for (const Term& term : terms) {
    if (!term.written) continue;
    if (before != nullptr && before->position + 1 == term.position)
      found.push_back({before->text + " " + term.text, {0, 0, field}});
    before = &term;
  }
}

}  // namespace

std::string visible_term(std::int64_t organisation) { return "@" + std::to_string(organisation); }
std::string urgency_term(int urgency) { return "!" + std::to_string(urgency); }

Entry within(Entry entry, const Limits& limits) {
  for (std::string* field :
       {&entry.notation, &entry.subject, &entry.sender, &entry.type, &entry.signer, &entry.note})
    *field = bounded(*field, limits.field_bytes);
  for (std::string* field : {&entry.recipients, &entry.attachments})
    *field = bounded(*field, limits.recipients_bytes);
  entry.content = bounded(entry.content, limits.content_bytes);
  auto& visible = entry.visible_to;
  std::sort(visible.begin(), visible.end());
  visible.erase(std::unique(visible.begin(), visible.end()), visible.end());
  if (visible.size() > limits.visible_to) visible.resize(limits.visible_to);
  return entry;
}

void SegmentBuilder::add(const Entry& entry) {
  Found found;
  collect(found, entry.notation, kNotation);
  collect(found, entry.subject, kSubject);
  collect(found, entry.sender, kSender);
  collect(found, entry.recipients, kRecipients);
  collect(found, entry.type, kType);
  collect(found, entry.signer, kSigner);
  collect(found, entry.content, kContent);
  collect(found, entry.attachments, kAttachments);
  found.push_back({urgency_term(entry.urgency), {}});
  for (const std::int64_t organisation : entry.visible_to)
    found.push_back({visible_term(organisation), {}});
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return std::tie(a.first, a.second.variant) < std::tie(b.first, b.second.variant);
  });
  for (std::size_t at = 0; at < found.size();) {
    auto& [term, posting] = found[at];
    posting.document = documents_;
    for (++at; at < found.size() && found[at].first == term &&
               found[at].second.variant == posting.variant;
         ++at)
      posting.fields = static_cast<std::uint8_t>(posting.fields | found[at].second.fields);
    lists_[term].add(posting);
  }
  const auto day = static_cast<std::uint32_t>(entry.day);
  List& days = lists_[std::string(kDayTerm)];
  for (const unsigned shift : {0U, 8U, 16U, 24U})
    days.bytes.push_back(static_cast<char>(day >> shift & 0xFF));
  day_min_ = documents_ == 0 ? entry.day : std::min(day_min_, entry.day);
  day_max_ = documents_ == 0 ? entry.day : std::max(day_max_, entry.day);
  ++documents_;
}

}  // namespace search
