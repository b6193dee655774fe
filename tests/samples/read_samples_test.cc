// Reads edXML samples and compares with what the vendor's reference parser makes of them. With
// TRUC_SAMPLES set, the directory it names holds samples from outside and their
// expected-reference-parser.tsv; without, the miniature of the same form under testdata is read.
// Where Truc reads better on purpose, docs/formats/edxml.md says so in a table, which this test
// obeys.
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "edxml/attachments.h"
#include "edxml/document.h"
#include "edxml/reader.h"

namespace {

using Fields = std::map<std::string, std::string>;
constexpr std::array<const char*, 16> kDocumentKeys = {
    "from",  "to", "id",   "code", "pd",  "due", "type", "prio",
    "steer", "rf", "subj", "th",   "bus", "sig", "refs", "att"};
constexpr std::array<const char*, 5> kStatusKeys = {"from", "code", "desc", "ts", "rf"};

std::string contents(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in) << path;
  return std::string((std::istreambuf_iterator<char>(in)), {});
}

// "EDOC from=… to=…": the values of the keys, which come in this order.
template <std::size_t kCount>
void split_fields(std::string_view line, const std::array<const char*, kCount>& keys, Fields& to) {
  std::size_t at = 0;
  std::string_view before;
  for (const char* key : keys) {
    const std::string sign = std::string(" ") + key + "=";
    const std::size_t found = line.find(sign, at);
    if (found == std::string_view::npos) continue;
    if (!before.empty()) to[std::string(before)] = line.substr(at, found - at);
    at = found + sign.size();
    before = key;
  }
  if (!before.empty()) to[std::string(before)] = line.substr(at);
}

Fields parse_expected(std::string_view line) {
  Fields fields;
  fields["result"] = line.substr(0, line.find(' '));
  if (fields["result"] == "EDOC") split_fields(line, kDocumentKeys, fields);
  if (fields["result"] == "STATUS") split_fields(line, kStatusKeys, fields);
  return fields;
}

std::string java_time(base::Time vietnam) {
  const auto day = std::chrono::floor<std::chrono::days>(vietnam);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(vietnam - day));
  static constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed",
                                                       "Thu", "Fri", "Sat"};
  static constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::array<char, 64> out{};
  std::snprintf(out.data(), out.size(), "%s %s %02u %02d:%02d:%02d ICT %d",
                kDays[std::chrono::weekday(day).c_encoding()],
                kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<unsigned>(date.day()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()), static_cast<int>(date.year()));
  return out.data();
}

std::string java_date(const edxml::WrittenDate& date) {
  if (!date.date) return "null";
  return java_time(std::chrono::sys_days(std::chrono::year(date.date->year) / date.date->month /
                                         date.date->day));
}

std::string number_or(const std::string& text, const char* otherwise) {
  const auto number = base::parse_int(text);
  return number ? std::to_string(*number) : otherwise;
}

// The content a person gets, taken out for real: its length, or that it cannot be had.
std::string extracted_bytes(const edxml::Attachment& attachment, const std::string& file) {
  std::uint64_t bytes = 0;
  const auto result = edxml::extract(
      attachment,
      [&file](std::uint64_t offset, char* to, std::size_t size) -> base::Result<std::size_t> {
        return file.copy(to, size, static_cast<std::size_t>(offset));
      },
      1u << 30,
      [&bytes](base::BytesView piece) {
        bytes += piece.size();
        return base::done();
      });
  if (!result.ok()) return "undecodable";
  EXPECT_EQ(bytes, attachment.content_bytes) << attachment.name;
  return std::to_string(bytes);
}

Fields describe_document(const edxml::Document& d, const std::string& file) {
  Fields f{{"result", "EDOC"}, {"from", d.from.id}, {"id", d.document_id}, {"code", d.code()}};
  f["to"] = "[";
  for (const auto& to : d.to) f["to"] += to.id + " ";
  f["to"] += "]";
  f["pd"] = java_date(d.promulgation);
  f["due"] = java_date(d.due);
  f["type"] = d.has_type ? number_or(d.type, "2") + "|" + d.type_name : "null";
  f["prio"] = d.has_other_info ? std::to_string(d.urgency()) : "null";
  f["steer"] = number_or(d.steering_type, "0");
  f["rf"] = d.response_for.empty() ? "null" : std::to_string(d.response_for.size());
  f["subj"] = d.subject;
  f["th"] = d.has_trace ? std::to_string(d.trace.size()) : "null";
  f["bus"] = d.business ? std::to_string(static_cast<int>(d.business->operation)) : "null";
  f["sig"] = d.has_signature ? "true" : "false";
  f["refs"] = d.has_manifest ? std::to_string(d.references.size()) : "nomanifest";
  for (const auto& a : d.attachments) {
    f["att"] += "[" + a.content_id + "|" + a.name + "|" + a.content_type + "|" +
                extracted_bytes(a, file) + "]";
  }
  if (d.attachments.empty()) f["att"] = "null";
  return f;
}

Fields describe_status(const edxml::Document& d) {
  Fields f{{"result", "STATUS"}, {"from", d.from.id}, {"code", d.status_code}};
  f["desc"] = d.status_description;
  f["ts"] = d.status_time ? java_time(*d.status_time + std::chrono::hours(7)) : "null";
  if (!d.response_for.empty()) {
    const auto& r = d.response_for.front();
    f["rf"] = r.organisation + "|" + r.code + "|" + java_date(r.promulgation) + "|" + r.document_id;
  }
  return f;
}

Fields describe(const std::string& file) {
  const auto document = edxml::read(file);
  if (!document.ok()) return {{"result", "EXC"}};
  return document->kind == edxml::Kind::status ? describe_status(*document)
                                               : describe_document(*document, file);
}

// The reference list cuts long text short with "...".
bool agrees(const std::string& expected, const std::string& found) {
  if (expected.ends_with("...")) return found.starts_with(expected.substr(0, expected.size() - 3));
  return expected == found;
}

std::string unquoted(std::string_view cell) {
  cell = base::trim(cell);
  if (cell.size() >= 2 && cell.front() == '`' && cell.back() == '`') {
    cell = cell.substr(1, cell.size() - 2);
  }
  std::string text(cell);  // a '|' within a cell is written "\|", which splitting left as "\" + "|"
  for (std::size_t at; (at = text.find('\x01')) != std::string::npos;) text[at] = '|';
  return text;
}

using Deviations = std::map<std::string, Fields>;

// The table of docs/formats/edxml.md: | file | field | Truc reads | why |
Deviations read_deviations() {
  Deviations deviations;
  const std::string document = contents(TRUC_SOURCE_DIR "/docs/formats/edxml.md");
  const std::size_t start = document.find("<!-- deviations -->");
  const std::size_t end = document.find("<!-- end of deviations -->");
  EXPECT_NE(start, std::string::npos);
  EXPECT_NE(end, std::string::npos);
  if (start == std::string::npos || end == std::string::npos) return deviations;
  const std::string table = document.substr(start, end - start);
  for (std::string_view line : base::split(table, '\n')) {
    if (!line.starts_with("| `")) continue;
    std::string row(line);
    for (std::size_t at; (at = row.find("\\|")) != std::string::npos;) row.replace(at, 2, "\x01");
    const auto cells = base::split(row, '|');
    EXPECT_EQ(cells.size(), 6u) << line;
    if (cells.size() != 6) continue;
    EXPECT_FALSE(base::trim(cells[4]).empty()) << "no reason given: " << line;
    deviations[unquoted(cells[1])][unquoted(cells[2])] = unquoted(cells[3]);
  }
  return deviations;
}

std::map<std::string, std::filesystem::path> sample_files(const std::filesystem::path& directory) {
  std::map<std::string, std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    const auto extension = entry.path().extension();
    if (extension == ".edxml" || extension == ".xml") {
      files[entry.path().filename().string()] = entry.path();
    }
  }
  return files;
}

std::map<std::string, Fields> read_expectations(const std::filesystem::path& directory) {
  std::map<std::string, Fields> expectations;
  const std::string list = contents(directory / "expected-reference-parser.tsv");
  for (const std::string_view line : base::split(list, '\n')) {
    const std::size_t tab = line.find('\t');
    if (tab == std::string_view::npos) continue;
    expectations[std::string(line.substr(0, tab))] = parse_expected(line.substr(tab + 1));
  }
  return expectations;
}

// What Truc must read: what the reference parser reads, changed by the table. A row "like" takes
// the fields of another sample.
Fields wanted(const std::string& name, const std::map<std::string, Fields>& expectations,
              const Deviations& deviations) {
  Fields fields = expectations.at(name);
  const auto rows = deviations.find(name);
  if (rows == deviations.end()) return fields;
  if (const auto like = rows->second.find("like"); like != rows->second.end()) {
    fields = expectations.at(like->second);
  }
  for (const auto& [field, value] : rows->second) {
    if (field == "like") continue;
    EXPECT_NE(fields[field], value) << name << ": the row for " << field << " is no deviation";
    fields[field] = value;
  }
  return fields;
}

void compare(const std::filesystem::path& directory, bool complete) {
  const auto files = sample_files(directory);
  const auto expectations = read_expectations(directory);
  const Deviations deviations = read_deviations();
  ASSERT_FALSE(files.empty());
  std::size_t compared = 0;
  for (const auto& [name, ignored] : expectations) {
    const auto file = files.find(name);
    if (file == files.end()) {
      ADD_FAILURE() << name << " is listed but not there";
      continue;
    }
    const Fields found = describe(contents(file->second));
    for (const auto& [field, value] : wanted(name, expectations, deviations)) {
      const auto at = found.find(field);
      const std::string is = at == found.end() ? "(nothing)" : at->second;
      EXPECT_TRUE(agrees(value, is)) << name << ": " << field << " is " << is << ", not " << value;
    }
    ++compared;
  }
  EXPECT_EQ(compared, expectations.size());
  for (const auto& [name, rows] : deviations) {
    EXPECT_TRUE(!complete || expectations.contains(name)) << "the table names unknown " << name;
  }
  std::printf("%zu samples compared\n", compared);
}

TEST(ReadSamples, AgreesWithTheReferenceParserButForTheTable) {
  const char* outside = std::getenv("TRUC_SAMPLES");
  if (outside && *outside) return compare(outside, true);
  std::printf("TRUC_SAMPLES is not set: outside samples are not there, the miniature is read\n");
  compare(TRUC_SOURCE_DIR "/tests/samples/testdata", false);
}

}  // namespace
