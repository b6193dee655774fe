// What anybody can type into the search box, a document's text that it is looked for in (behind the
// first line), and a page of a damaged index.
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "base/text.h"
#include "search/marks.h"
#include "search/postings.h"
#include "search/query.h"

namespace {

void check_marks(std::string_view text, const std::vector<search::Range>& marks) {
  std::uint32_t end = 0;
  for (const search::Range& mark : marks) {
    CHECK(mark.begin >= end && mark.begin < mark.end && mark.end <= text.size());
    CHECK(base::is_utf8(text.substr(mark.begin, mark.end - mark.begin)));
    end = mark.end;
  }
}

void check_query(std::string_view typed, std::string_view text) {
  const auto query = search::parse(typed);
  if (!query.ok()) {
    CHECK(query.error().code() == base::Code::invalid);
    CHECK(base::is_utf8(query.error().text().vi) && base::is_utf8(query.error().text().en));
    return;
  }
  CHECK(query->slots.size() <= search::kSlotsMax);
  CHECK(query->words.size() <= search::kQueryBytesMax);  // the same ones may stand there often
  check_marks(text, search::marks_in(text, *query));
  const search::Snippet snippet = search::snippet_of(text, *query);
  CHECK(base::is_utf8(snippet.text) && snippet.text.size() <= 600);
  check_marks(snippet.text, snippet.marks);
  const double close = search::closeness(text, *query);
  CHECK(close >= 0 && close <= 1);
  static_cast<void>(search::has_phrases({text}, *query));
}

void check_page(base::BytesView page) {
  std::size_t postings = 0;
  search::each_list(page, [&](std::string_view term, const search::List& list) {
    const bool whole = list.each([&](const search::Posting& posting) {
      CHECK(posting.document <= list.last);
      ++postings;
    });
    if (whole) CHECK(postings <= page.size());
    static_cast<void>(search::list_of(page, term));
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  check_page(input);
  // Both are texts by the time they come here: the API and the reader of documents see to it.
  if (!base::is_utf8(input)) return 0;
  const std::size_t line = input.find('\n');
  check_query(input.substr(0, line),
              line == input.npos ? std::string_view() : input.substr(line + 1));
  return 0;
}
