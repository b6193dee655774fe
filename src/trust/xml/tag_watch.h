// What must be known of XML before a parser sees it: libxml2 compares every attribute of a tag with
// every other one while it reads the tag, before it tells us of any.
#pragma once
#include <cstddef>
#include <string_view>

#include "base/bytes.h"

namespace trust::xml {

inline constexpr std::size_t kAttributesMax = 256;  // of one element

// Counts quoted values in tags of UTF-8 text. It does not check anything else: what is not
// well-formed is for the parser to find.
class TagWatch {
 public:
  // False from the piece on in which a tag has more than kAttributesMax.
  bool feed(base::BytesView bytes);

 private:
  enum class State : unsigned char { text, opened, tag, quoted, declaration, skipped };
  void step(char c);
  State state_ = State::text;
  char quote_ = 0;
  std::size_t values_ = 0;
  std::string_view end_ = {};  // of what is skipped: "-->", "]]>", "?>"
  std::size_t matched_ = 0;    // of end_, or of a declaration's first characters
  bool may_be_comment_ = false, may_be_cdata_ = false;
};

// Whether the XML declaration, if there is one, names UTF-8 or ASCII, or no encoding. `first` is
// the beginning of the file.
bool declares_utf8(base::BytesView first);

}  // namespace trust::xml
