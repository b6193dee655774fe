#include "exchange/rest/spreadsheet.h"

namespace exchange::rest {
namespace {

// Also as they are in East Asian fonts, which some spreadsheets take for the same.
bool starts_formula(std::string_view cell) {
  constexpr std::string_view kNarrow = "=+-@\t\r\n";
  if (cell.empty()) return false;
  if (kNarrow.find(cell[0]) != std::string_view::npos) return true;
  for (const std::string_view wide : {"＝", "＋", "－", "＠"}) {
    if (cell.starts_with(wide)) return true;
  }
  return false;
}

}  // namespace

void add_csv_line(std::string& to, const std::vector<std::string_view>& cells) {
  bool first = true;
  for (const std::string_view cell : cells) {
    if (!first) to += ',';
    first = false;
    to += '"';
    if (starts_formula(cell)) to += '\'';
    for (const char c : cell) {
      if (c == '"') to += '"';
      to += c;
    }
    to += '"';
  }
  to += "\r\n";
}

}  // namespace exchange::rest
