// Tables as CSV (RFC 4180) that a spreadsheet opens without carrying anything out.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace exchange::rest {

// Begins a file: the mark by which spreadsheets know UTF-8.
inline constexpr std::string_view kCsvStart = "\xEF\xBB\xBF";
inline constexpr std::string_view kCsvType = "text/csv; charset=utf-8";

// Appends one line. Every cell is quoted; one that a spreadsheet would take for a formula begins
// with an apostrophe (OWASP, CSV injection).
void add_csv_line(std::string& to, const std::vector<std::string_view>& cells);

}  // namespace exchange::rest
