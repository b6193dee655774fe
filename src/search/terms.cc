#include "search/terms.h"

#include <algorithm>
#include <unordered_map>

#include "search/abbreviations.h"

namespace search {
namespace {

constexpr std::size_t kJoinedMax = 40;  // bytes of a notation as a whole

struct Known {
  std::string bare;
  std::uint8_t variant = 0;
  std::vector<Folded> words;
};
struct Table {
  std::unordered_map<std::string, std::size_t> by_abbreviation;
  std::unordered_multimap<std::string, std::size_t> by_first_word;
  std::vector<Known> all;
};

const Table& table() {
  static const Table kTable = [] {
    Table made;
    for (const Abbreviation& one : abbreviations()) {
      const Folded folded = fold(one.abbreviation);  // "V/v" loses its stroke
      Known known{folded.bare, folded.variant, {}};
      for (const Word& word : words_of(composed(one.words), 16)) {
        known.words.push_back(fold(one.words.substr(word.begin, word.end - word.begin)));
      }
      made.by_abbreviation.emplace(known.bare, made.all.size());
      made.by_first_word.emplace(known.words[0].bare, made.all.size());
      made.all.push_back(std::move(known));
    }
    return made;
  }();
  return kTable;
}

// Words that stand with one of / - . between them belong together.
bool joined(std::string_view text, const Word& before, const Word& after) {
  if (after.begin != before.end + 1) return false;
  const char c = text[before.end];
  return c == '/' || c == '-' || c == '.' || c == '_';
}

class Reader {
 public:
  Reader(std::string_view text, std::vector<Word> words) : text_(text), words_(std::move(words)) {}

  std::vector<Term> read() {
    for (std::size_t at = 0; at < words_.size();) {
      std::size_t end = at + 1;
      while (end < words_.size() && joined(text_, words_[end - 1], words_[end])) ++end;
      for (std::size_t one = at; one < end; ++one) add(one, one + 1, words_[one].bare, true);
      if (end - at > 1) join(at, end);
      if (end - at == 1) expand(words_[at].bare, at, at + 1);
      at = end;
    }
    for (std::size_t at = 0; at < words_.size(); ++at) shorten(at);
    return std::move(terms_);
  }

 private:
  void add(std::size_t from, std::size_t to, std::string bare, bool written) {
    Term term;
    term.text = std::move(bare);
    term.position = static_cast<std::uint32_t>(from);
    term.begin = words_[from].begin;
    term.end = words_[to - 1].end;
    term.written = written;
    if (to - from == 1) {
      term.variant = words_[from].variant;
      term.digits = words_[from].digits;
    }
    terms_.push_back(std::move(term));
  }

  std::string together(std::size_t from, std::size_t to) const {
    std::string all;
    for (std::size_t at = from; at < to; ++at) all += words_[at].bare;
    return all.size() <= kJoinedMax ? all : std::string();
  }

  void join(std::size_t from, std::size_t to) {
    std::size_t symbol = to;
    while (symbol > from && !words_[symbol - 1].digits) --symbol;
    if (to - symbol > 1) {
      if (const std::string all = together(symbol, to); !all.empty()) {
        add(symbol, to, all, false);
        expand(all, symbol, to);
      }
    }
    if (symbol == from) return;  // no number in it
    const std::string all = together(from, to);
    if (all.empty()) return;
    add(from, to, "#" + all, false);
    const bool year = words_[from].digits && symbol == from + 2 && symbol < to &&
                      words_[from + 1].bare.size() == 4;
    if (year) add(from, to, "#" + words_[from].bare + together(symbol, to), false);
  }

  // "UBND" stands for its words, except in a notation.
  void expand(const std::string& bare, std::size_t from, std::size_t to) {
    const auto found = table().by_abbreviation.find(bare);
    if (found == table().by_abbreviation.end()) return;
    for (const Folded& word : table().all[found->second].words) {
      add(from, to, word.bare, false);
      terms_.back().variant = word.variant;
    }
  }

  // "Ủy ban nhân dân" may be looked for as UBND.
  void shorten(std::size_t at) {
    const auto [first, last] = table().by_first_word.equal_range(words_[at].bare);
    for (auto one = first; one != last; ++one) {
      const Known& known = table().all[one->second];
      const std::size_t end = at + known.words.size();
      if (end > words_.size()) continue;
      std::size_t same = 0;
      while (same < known.words.size() && words_[at + same].bare == known.words[same].bare) ++same;
      if (same < known.words.size()) continue;
      add(at, end, known.bare, false);
      terms_.back().variant = known.variant;
    }
  }

  std::string_view text_;
  std::vector<Word> words_;
  std::vector<Term> terms_;
};

}  // namespace

std::vector<Term> terms_of(std::string_view text, std::size_t words_max) {
  return Reader(text, words_of(text, words_max)).read();
}

bool abbreviates(std::string_view bare) {
  return table().by_abbreviation.count(std::string(bare)) > 0;
}

}  // namespace search
