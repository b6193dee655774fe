// CSV (RFC 4180) with a heading line, UTF-8 with or without BOM.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace cli {

class CsvRow {
 public:
  CsvRow(std::string file, std::size_t line, std::map<std::string, std::string, std::less<>> values)
      : file_(std::move(file)), line_(line), values_(std::move(values)) {}
  // The trimmed value, or empty when the file has no such column.
  std::string_view operator[](std::string_view column) const;
  // cli.bad_csv, naming file, line and column.
  base::Error error(std::string_view column, std::string_view en, std::string_view vi) const;

 private:
  std::string file_;
  std::size_t line_;
  std::map<std::string, std::string, std::less<>> values_;
};

// `columns` are all that may be there; `needed` must be. cli.bad_csv names what is wrong and where.
base::Result<std::vector<CsvRow>> read_csv(std::string_view text, const std::string& file,
                                           const std::vector<std::string_view>& columns,
                                           const std::vector<std::string_view>& needed);

}  // namespace cli
