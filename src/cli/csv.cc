#include "cli/csv.h"

#include <algorithm>

#include "base/text.h"

namespace cli {
namespace {

base::Error bad(const std::string& file, std::size_t line, const std::string& en,
                const std::string& vi) {
  const std::string place = file + ":" + std::to_string(line) + ": ";
  return base::Error(base::Code::invalid, "cli.bad_csv", place + en, place + vi);
}

// Takes one record off the front of `text`; `line` follows quoted line breaks.
base::Result<std::vector<std::string>> next_record(std::string_view& text, const std::string& file,
                                                   std::size_t& line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  std::size_t i = 0;
  for (; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\n') ++line;
      if (c != '"') {
        fields.back() += c;
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        fields.back() += text[++i];
      } else {
        quoted = false;
      }
    } else if (c == '"' && base::trim(fields.back()).empty()) {
      fields.back().clear();
      quoted = true;
    } else if (c == ',') {
      fields.emplace_back();
    } else if (c == '\n') {
      ++i;
      break;
    } else {
      fields.back() += c;
    }
  }
  if (quoted) return bad(file, line, "a quote is not closed", "thiếu dấu nháy đóng");
  text.remove_prefix(i);
  for (std::string& field : fields) field = base::trim(field);
  return fields;
}

}  // namespace

std::string_view CsvRow::operator[](std::string_view column) const {
  const auto found = values_.find(column);
  return found == values_.end() ? std::string_view() : std::string_view(found->second);
}

base::Error CsvRow::error(std::string_view column, std::string_view en, std::string_view vi) const {
  const std::string value((*this)[column]);
  return bad(file_, line_,
             "column " + std::string(column) + " \"" + value + "\" " + std::string(en),
             "cột " + std::string(column) + " \"" + value + "\" " + std::string(vi));
}

base::Result<std::vector<CsvRow>> read_csv(std::string_view text, const std::string& file,
                                           const std::vector<std::string_view>& columns,
                                           const std::vector<std::string_view>& needed) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  if (!base::is_utf8(text))
    return bad(file, 1, "the file is not UTF-8; save it as CSV UTF-8",
               "tệp không phải UTF-8; hãy lưu dạng CSV UTF-8");
  std::size_t line = 1;
  auto heading = TRY(next_record(text, file, line));
  for (auto place = heading.begin(); place != heading.end(); ++place) {
    std::string& name = *place;
    name = base::lower_ascii(name);
    if (std::find(heading.begin(), place, name) != place) {
      return bad(file, 1, "the column " + name + " is there twice", "cột " + name + " có hai lần");
    }
    if (std::find(columns.begin(), columns.end(), name) == columns.end()) {
      std::string known;
      for (const auto column : columns) known += (known.empty() ? "" : ", ") + std::string(column);
      return bad(file, 1, "unknown column " + name + "; columns are: " + known,
                 "không có cột " + name + "; các cột là: " + known);
    }
  }
  for (const auto name : needed) {
    if (std::find(heading.begin(), heading.end(), name) == heading.end()) {
      return bad(file, 1, "the heading lacks the column " + std::string(name),
                 "dòng tiêu đề thiếu cột " + std::string(name));
    }
  }
  std::vector<CsvRow> rows;
  while (!text.empty()) {
    ++line;
    const std::size_t at = line;
    auto fields = TRY(next_record(text, file, line));
    if (fields.size() == 1 && fields[0].empty()) continue;
    if (fields.size() > heading.size()) {
      return bad(file, at, "more values than columns", "nhiều giá trị hơn số cột");
    }
    std::map<std::string, std::string, std::less<>> values;
    for (std::size_t i = 0; i < fields.size(); ++i) values[heading[i]] = std::move(fields[i]);
    rows.emplace_back(file, at, std::move(values));
  }
  return rows;
}

}  // namespace cli
