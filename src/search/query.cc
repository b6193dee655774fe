#include "search/query.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "base/text.h"
#include "base/time.h"
#include "search/entry.h"
#include "search/terms.h"

namespace search {
namespace {

using base::Code;
using base::Error;

enum class Key : unsigned char { from, to, type, number, signer, date, urgency };
struct KeyName {
  std::string_view name;
  Key key;
};
constexpr KeyName kKeys[] = {
    {"tu", Key::from},   {"from", Key::from},    {"den", Key::to},         {"to", Key::to},
    {"loai", Key::type}, {"type", Key::type},    {"so", Key::number},      {"no", Key::number},
    {"ky", Key::signer}, {"ki", Key::signer},    {"signer", Key::signer},  {"ngay", Key::date},
    {"date", Key::date}, {"khan", Key::urgency}, {"urgency", Key::urgency}};

std::optional<Key> key_of(std::string_view word) {
  const std::string bare = fold(word).bare;
  for (const KeyName& one : kKeys) {
    if (one.name == bare) return one.key;
  }
  return std::nullopt;
}

std::uint8_t field_of(Key key) {
  switch (key) {
    case Key::from:
      return kSender;
    case Key::to:
      return kRecipients;
    case Key::type:
      return kType;
    case Key::number:
      return kNotation;
    default:
      return kSigner;
  }
}

std::int32_t days(const base::Date& date) {
  using namespace std::chrono;
  const year_month_day day{year(date.year), month(static_cast<unsigned>(date.month)),
                           std::chrono::day(static_cast<unsigned>(date.day))};
  return static_cast<std::int32_t>(sys_days(day).time_since_epoch().count());
}

Error bad_filter(std::string_view value) {
  return Error(Code::invalid, "search.bad_filter",
               "a filter cannot be read: " + std::string(value) +
                   "; dates are like ngày:2018-01-31 or ngày:2018-01-01..2018-12-31, urgency is "
                   "khẩn:0 to khẩn:4",
               "Không hiểu điều kiện lọc: " + std::string(value) +
                   "; ngày viết như ngày:2018-01-31 hoặc ngày:2018-01-01..2018-12-31, độ khẩn từ "
                   "khẩn:0 đến khẩn:4");
}

// A day, or the first or last one of a year or "yyyy-mm".
std::optional<std::int32_t> day_of(std::string_view text, bool last) {
  if (const auto date = base::parse_date(text)) return days(*date);
  const auto year = base::parse_int(text.substr(0, 4));
  if (!year || *year < 1900 || *year > 2999) return std::nullopt;
  const int y = static_cast<int>(*year);
  if (text.size() == 4) return last ? days({y, 12, 31}) : days({y, 1, 1});
  const auto month =
      text.size() == 7 && text[4] == '-' ? base::parse_int(text.substr(5)) : std::nullopt;
  if (!month || *month < 1 || *month > 12) return std::nullopt;
  const int m = static_cast<int>(*month);
  if (!last) return days({y, m, 1});
  return (m == 12 ? days({y + 1, 1, 1}) : days({y, m + 1, 1})) - 1;
}

class Parser {
 public:
  explicit Parser(std::string text) : text_(std::move(text)) {}

  base::Result<Query> parse() {
    while (at_ < text_.size()) TRY(take_one());
    TRY(take_plain());
    const auto counted = std::count_if(query_.slots.begin(), query_.slots.end(),
                                       [](const Slot& s) { return s.counted; });
    if (counted > static_cast<std::ptrdiff_t>(kQueryWordsMax)) {
      return Error(
          Code::invalid, "search.too_many_terms",
          "a query has at most " + std::to_string(kQueryWordsMax) +
              " different words; leave some out",
          "Câu tìm có tối đa " + std::to_string(kQueryWordsMax) + " từ khác nhau; hãy bớt từ");
    }
    const bool dated = query_.day_from || query_.day_to;
    if (query_.slots.empty() && !dated) {
      return Error(Code::invalid, "search.query_empty",
                   "there is no word to look for; type a word or a notation",
                   "Không có từ nào để tìm; hãy nhập từ hoặc số, ký hiệu");
    }
    // Words first: what only improves a hit is left out when there is no room.
    std::stable_sort(query_.slots.begin(), query_.slots.end(),
                     [](const Slot& a, const Slot& b) { return a.counted > b.counted; });
    if (query_.slots.size() > kSlotsMax) query_.slots.resize(kSlotsMax);
    return std::move(query_);
  }

 private:
  bool space(std::size_t at) const { return text_[at] == ' ' || text_[at] == '\n'; }

  // A quoted text behind `at_`, or up to the next space.
  std::string value() {
    const bool quoted = at_ < text_.size() && text_[at_] == '"';
    if (quoted) ++at_;
    const std::size_t begin = at_;
    while (at_ < text_.size() && (quoted ? text_[at_] != '"' : !space(at_))) ++at_;
    const std::string out = text_.substr(begin, at_ - begin);
    if (quoted && at_ < text_.size()) ++at_;
    return out;
  }

  base::Result<void> take_one() {
    if (text_[at_] == '"') {
      TRY(take_plain());
      return take_phrase(value());
    }
    std::size_t end = at_;
    while (end < text_.size() && !space(end) && text_[end] != ':' && text_[end] != '"') ++end;
    if (end > at_ && end + 1 < text_.size() && text_[end] == ':' && !space(end + 1)) {
      if (const auto key = key_of(std::string_view(text_).substr(at_, end - at_))) {
        TRY(take_plain());
        at_ = end + 1;
        return take_filter(*key, value());
      }
    }
    if (end < text_.size() && text_[end] != '"') ++end;
    plain_ += text_.substr(at_, end - at_);
    at_ = end;
    return base::done();
  }

  void add(Slot slot) {
    for (Slot& known : query_.slots) {
      if (known.term != slot.term || known.fields != slot.fields) continue;
      known.required = known.required || slot.required;
      known.counted = known.counted || slot.counted;
      return;
    }
    query_.slots.push_back(std::move(slot));
  }
  void better(std::string term, std::uint8_t fields = 0xFF) {
    add({std::move(term), 0, fields, false, false});
  }

  // "28 2018 qdttg" may be a notation with its separators left out.
  void add_joined(const std::vector<Term>& words) {
    constexpr std::size_t kParts = 6;
    for (std::size_t at = 0; at < words.size(); ++at) {
      if (words[at].text[0] < '0' || words[at].text[0] > '9') continue;
      std::string all = "#";
      bool letters = false;
      for (std::size_t end = at; end < std::min(at + kParts, words.size()); ++end) {
        all += words[end].text;
        letters = letters || !words[end].digits;
        if (letters) better(all);
      }
    }
  }

  // The words of a text as a person means them: without what abbreviations stand for, since
  // documents have both.
  static std::vector<Term> words_in(const std::string& text, std::vector<std::string>* whole) {
    std::vector<Term> words;
    const std::vector<Term> all = terms_of(text, kQueryBytesMax);
    for (const Term& term : all) {
      if (term.written) words.push_back(term);
      if (!term.written && term.text[0] == '#' && whole != nullptr) whole->push_back(term.text);
    }
    for (const Term& term : all) {
      const std::string_view span =
          std::string_view(text).substr(term.begin, term.end - term.begin);
      if (term.written || !abbreviates(term.text) || span.find('/') == std::string_view::npos)
        continue;
      const auto inside = [&](const Term& word) {
        return word.begin >= term.begin && word.end <= term.end;
      };
      const auto first = std::find_if(words.begin(), words.end(), inside);
      if (first == words.end()) continue;
      *first = term;  // "V/v"
      words.erase(std::remove_if(first + 1, words.end(), inside), words.end());
    }
    return words;
  }

  base::Result<void> take_plain() {
    const std::string text = std::exchange(plain_, {});
    std::vector<std::string> whole;
    const std::vector<Term> words = words_in(text, &whole);
    for (const Term& word : words) {
      add({word.text, word.variant});
      query_.words.push_back(word.text);
    }
    for (std::size_t at = 1; at < words.size(); ++at) {
      const bool one_notation =
          words[at].begin == words[at - 1].end + 1 && text[words[at - 1].end] != ' ';
      if (!one_notation) better(words[at - 1].text + " " + words[at].text, kSubject);
    }
    for (std::string& one : whole) better(std::move(one));
    add_joined(words);
    return base::done();
  }

  base::Result<void> take_phrase(const std::string& text) {
    std::vector<std::string> phrase;
    for (const Term& word : words_in(text, nullptr)) {
      add({word.text, word.variant, 0xFF, true, true});
      query_.words.push_back(word.text);
      phrase.push_back(word.text);
    }
    if (phrase.size() > 1) query_.phrases.push_back(std::move(phrase));
    return base::done();
  }

  base::Result<void> take_filter(Key key, const std::string& value) {
    if (key == Key::date) return take_dates(value);
    if (key == Key::urgency) {
      const auto urgency = base::parse_int(value);
      if (!urgency || *urgency < 0 || *urgency > 4) return bad_filter(value);
      add({urgency_term(static_cast<int>(*urgency)), 0, 0, true, false});
      return base::done();
    }
    const std::vector<Term> words = words_in(value, nullptr);
    if (words.empty()) return bad_filter(value);
    for (const Term& word : words) add({word.text, word.variant, field_of(key), true, false});
    return base::done();
  }

  base::Result<void> take_dates(std::string_view value) {
    const auto dots = value.find("..");
    const std::string_view from = value.substr(0, dots);
    const std::string_view to = dots == std::string_view::npos ? from : value.substr(dots + 2);
    if (!from.empty() && !(query_.day_from = day_of(from, false))) return bad_filter(value);
    if (!to.empty() && !(query_.day_to = day_of(to, true))) return bad_filter(value);
    if (from.empty() && to.empty()) return bad_filter(value);
    return base::done();
  }

  const std::string text_;
  std::size_t at_ = 0;
  std::string plain_;
  Query query_;
};

}  // namespace

base::Result<Query> parse(std::string_view text) {
  if (text.size() > kQueryBytesMax) {
    return Error(
        Code::invalid, "search.query_too_long",
        "a query has at most " + std::to_string(kQueryBytesMax) + " bytes; leave some words out",
        "Câu tìm dài tối đa " + std::to_string(kQueryBytesMax) + " byte; hãy bớt từ");
  }
  std::string plain = composed(text);
  for (const std::string_view quote : {"\u201C", "\u201D"}) {
    for (std::size_t at = 0; (at = plain.find(quote, at)) != std::string::npos;)
      plain.replace(at, quote.size(), "\"");
  }
  return Parser(std::move(plain)).parse();
}

}  // namespace search
