#include "search/marks.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "search/terms.h"

namespace search {
namespace {

constexpr std::size_t kWordsMax = 20000;
constexpr std::uint32_t kSnippetBytes = 240;
constexpr std::size_t kMarksMax = 100;

using Words = std::unordered_set<std::string_view>;
Words words_of(const Query& query) {
  Words words;
  for (const Slot& slot : query.slots) {
    if (slot.term[0] != '!' && slot.term.find(' ') == std::string::npos) words.insert(slot.term);
  }
  return words;
}

struct Place {
  Range range;
  std::string term;
};
std::vector<Place> places_in(std::string_view text, const Query& query) {
  const Words words = words_of(query);
  std::vector<Place> places;
  for (const Term& term : terms_of(text, kWordsMax)) {
    if (words.count(term.text) > 0) places.push_back({{term.begin, term.end}, term.text});
  }
  std::sort(places.begin(), places.end(), [](const Place& a, const Place& b) {
    return a.range.begin != b.range.begin ? a.range.begin < b.range.begin
                                          : a.range.end > b.range.end;
  });
  return places;
}

std::vector<Range> ranges_of(const std::vector<Place>& places) {
  std::vector<Range> out;
  for (const Place& place : places) {
    if (out.size() == kMarksMax) break;
    if (out.empty() || place.range.begin >= out.back().end) out.push_back(place.range);
  }
  return out;
}

bool boundary(std::string_view text, std::size_t at) {
  return at >= text.size() || (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
}

bool stands_in(const std::vector<Word>& words, const std::vector<std::string>& phrase) {
  return std::search(words.begin(), words.end(), phrase.begin(), phrase.end(),
                     [](const Word& word, const std::string& bare) { return word.bare == bare; }) !=
         words.end();
}

}  // namespace

std::vector<Range> marks_in(std::string_view text, const Query& query) {
  return ranges_of(places_in(text, query));
}

Snippet snippet_of(std::string_view text, const Query& query) {
  const std::vector<Place> places = places_in(text, query);
  if (places.empty()) return {};
  // The window with the most different words.
  std::unordered_map<std::string_view, int> inside;
  std::size_t best = 0, most = 0, end = 0;
  for (std::size_t begin = 0; begin < places.size(); ++begin) {
    while (end < places.size() &&
           places[end].range.end <= places[begin].range.begin + kSnippetBytes)
      ++inside[places[end++].term];
    if (inside.size() > most) {
      most = inside.size();
      best = begin;
    }
    if (end > begin) {
      const auto one = inside.find(places[begin].term);
      if (one != inside.end() && --one->second == 0) inside.erase(one);
    } else {
      end = begin + 1;
    }
  }
  const std::uint32_t lead = kSnippetBytes / 6;
  std::size_t from = places[best].range.begin > lead ? places[best].range.begin - lead : 0;
  while (from > 0 && text[from - 1] != ' ' && text[from - 1] != '\n' &&
         from < places[best].range.begin)
    ++from;
  while (!boundary(text, from)) ++from;
  std::size_t to = std::min<std::size_t>(from + kSnippetBytes, text.size());
  while (!boundary(text, to)) --to;
  Snippet snippet{std::string(text.substr(from, to - from)), {}};
  std::replace(snippet.text.begin(), snippet.text.end(), '\n', ' ');
  snippet.marks = marks_in(snippet.text, query);
  return snippet;
}

bool has_phrases(const std::vector<std::string_view>& texts, const Query& query) {
  if (query.phrases.empty()) return true;
  std::vector<std::vector<Word>> all;
  for (const std::string_view text : texts) all.push_back(search::words_of(text, kWordsMax));
  return std::all_of(query.phrases.begin(), query.phrases.end(), [&](const auto& phrase) {
    return std::any_of(all.begin(), all.end(),
                       [&](const auto& words) { return stands_in(words, phrase); });
  });
}

double closeness(std::string_view subject, const Query& query) {
  const std::vector<Word> words = search::words_of(subject, 200);
  if (words.empty() || query.words.empty()) return 0;
  // The longest run of words that both have: at each word of the text, how long is the one that
  // ends with each word of the query.
  std::size_t longest = 0;
  std::vector<std::size_t> runs(query.words.size() + 1, 0);
  for (const Word& word : words) {
    for (std::size_t at = query.words.size(); at > 0; --at) {
      runs[at] = word.bare == query.words[at - 1] ? runs[at - 1] + 1 : 0;
      longest = std::max(longest, runs[at]);
    }
  }
  const Words wanted(query.words.begin(), query.words.end());
  std::unordered_set<std::string_view> met;
  std::size_t standing = 0;
  for (const Word& word : words) {
    if (wanted.count(word.bare) == 0) continue;
    ++standing;
    met.insert(word.bare);
  }
  const auto part = [](std::size_t a, std::size_t b) {
    return static_cast<double>(a) / static_cast<double>(b);
  };
  return 0.4 * part(longest, query.words.size()) + 0.4 * part(met.size(), wanted.size()) +
         0.2 * part(standing, words.size());
}

}  // namespace search
