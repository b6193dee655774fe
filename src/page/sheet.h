// Papers for people: what stands on them, and their PDF. The same sheet gives the same bytes.
#pragma once
#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"

namespace page {

// How a piece of text looks. `quiet` is for the second language and for what is read last.
enum class Look : unsigned char { plain, strong, quiet, code, good, doubtful, bad };
struct Span {
  std::string text;  // UTF-8; a line break is one
  Look look = Look::plain;
};
using Spans = std::vector<Span>;

// Vietnamese, and English behind it, quietly.
Spans both(const base::Text& text, Look look = Look::plain);

struct Title {
  base::Text text;
};
struct Heading {
  base::Text text;
};
// `lines_max`: what is longer ends in "…"; 0: as long as it is.
struct Paragraph {
  Spans spans;
  int lines_max = 0;
};
// In a red frame.
struct Notice {
  base::Text text;
};
struct Column {
  base::Text heading;  // may be empty
  double share = 1;    // of the width, against the other columns
};
struct Table {
  std::vector<Column> columns;
  std::vector<std::vector<Spans>> rows;  // each with as many cells as there are columns
  int lines_max = 0;                     // of a cell
  bool ruled = true;                     // a line below each row
};
using Block = std::variant<Title, Heading, Paragraph, Notice, Table>;

struct Sheet {
  std::string title, author, subject;  // of the file, as readers show them
  base::Time made_at;                  // written into the file
  std::vector<Block> blocks;
  Spans footer;  // of every page, two lines at most
};

struct Pdf {
  base::Bytes bytes;
  std::size_t pages = 0;
};
// A table goes on on the next page, with its heading again; everything else stays in one piece.
// What is no text for people (control characters, and those that turn the direction of what
// follows) is shown as a question mark. Any thread. Errors: page.font_missing (unavailable);
// page.unwritable (internal).
base::Result<Pdf> render(const Sheet& sheet);

}  // namespace page
