#include "search/text.h"

#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "base/file.h"
#include "base/text.h"
#include "search/encoding.h"
#include "search/program.h"

namespace search {
namespace {

constexpr std::size_t kLettersLeast = 40;  // a PDF with less text than this is taken for a scan

ProgramLimits limits_of(const TextOptions& options) {
  ProgramLimits limits;
  limits.time = std::chrono::seconds(options.seconds);
  limits.output_bytes = options.text_bytes;
  return limits;
}

// A directory that is gone when the work is done.
class Scratch {
 public:
  explicit Scratch(const std::string& in) : path_(in + "/search-XXXXXX") {
    if (::mkdtemp(path_.data()) == nullptr) path_.clear();
  }
  ~Scratch() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::size_t letters_in(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](unsigned char c) { return c > ' ' && c != 0x7F; }));
}

FileText without_text(const base::Error& error) { return {"", error.text()}; }

FileText scanned(const std::string& path, const TextOptions& options) {
  if (options.scanned_pages == 0)
    return {"",
            {"Tệp là bản quét, không đọc chữ (search.scanned_pages = 0)",
             "a scan, not read (search.scanned_pages = 0)"}};
  const Scratch scratch(options.directory);
  if (scratch.path().empty())
    return {"", {"Không tạo được thư mục tạm", "no temporary directory can be made"}};
  const std::string last = std::to_string(options.scanned_pages);
  const auto drawn = run_limited({"pdftoppm", "-r", "200", "-gray", "-png", "-l", last, "-scale-to",
                                  "2600", path, scratch.path() + "/page"},
                                 limits_of(options));
  if (!drawn) return without_text(drawn.error());
  const auto pages = base::real_files().list(scratch.path());
  if (!pages) return without_text(pages.error());
  std::vector<std::string> names = *pages;
  std::sort(names.begin(), names.end());
  FileText out;
  for (const std::string& name : names) {
    const auto read = run_limited(
        {"tesseract", scratch.path() + "/" + name, "stdout", "-l", "vie+eng"}, limits_of(options));
    if (!read) {
      out.note = read.error().text();
      continue;
    }
    out.text += *read + "\n";
  }
  if (out.text.empty() && out.note.en.empty())
    out.note = {"Bản quét không có chữ nào đọc được", "no word of the scan can be read"};
  return out;
}

FileText of_pdf(const std::string& path, const TextOptions& options) {
  const auto text =
      run_limited({"pdftotext", "-q", "-enc", "UTF-8", "-nopgbrk", path, "-"}, limits_of(options));
  if (!text) return without_text(text.error());
  if (letters_in(*text) < kLettersLeast) {
    FileText read = scanned(path, options);
    if (read.text.empty()) read.text = *text;
    return read;
  }
  return {*text, {}};
}

// The text between the tags of XML; a paragraph is a line.
std::string without_tags(std::string_view xml) {
  std::string out;
  for (std::size_t at = 0; at < xml.size();) {
    if (xml[at] == '<') {
      const auto end = std::min(xml.find('>', at), xml.size() - 1);
      const std::string_view tag = xml.substr(at, end - at);
      if (tag.starts_with("</w:p") || tag.starts_with("</text:p") || tag.starts_with("</text:h"))
        out += '\n';
      if (tag.starts_with("<w:tab") || tag.starts_with("<w:br") || tag.starts_with("<text:s"))
        out += ' ';
      at = end + 1;
    } else {
      const auto end = std::min(xml.find('<', at), xml.size());
      out += xml.substr(at, end - at);
      at = end;
    }
  }
  constexpr std::pair<std::string_view, std::string_view> kEntities[] = {
      {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&apos;", "'"}, {"&amp;", "&"}};
  for (const auto& [entity, c] : kEntities) {
    for (std::size_t at = 0; (at = out.find(entity, at)) != std::string::npos; at += c.size())
      out.replace(at, entity.size(), c);
  }
  return out;
}

FileText of_office(const std::string& path, const TextOptions& options) {
  ProgramLimits limits = limits_of(options);
  limits.output_bytes = options.text_bytes * 16;  // most of it is tags
  const auto xml = run_limited({"unzip", "-p", path, "word/document.xml", "content.xml"}, limits);
  if (!xml) return without_text(xml.error());
  return {without_tags(*xml), {}};
}

FileText of_plain(const std::string& path, const TextOptions& options) {
  const auto file = base::real_files().open(path, base::FileSystem::Mode::read);
  if (!file) return without_text(file.error());
  std::string text(options.text_bytes, '\0');
  const auto got = (*file)->read_at(0, text.data(), text.size());
  if (!got) return without_text(got.error());
  text.resize(*got);
  const std::string_view whole = base::cut_utf8(text, text.size() > 3 ? text.size() - 3 : 0);
  if (!base::is_utf8(text) && !base::is_utf8(whole))
    return {"", {"Tệp chữ không phải UTF-8", "the text is not UTF-8"}};
  return {text, {}};
}

FileText read_by_kind(const std::string& path, std::string_view name, const TextOptions& options) {
  const auto file = base::real_files().open(path, base::FileSystem::Mode::read);
  if (!file) return without_text(file.error());
  std::string first(8, '\0');
  const auto got = (*file)->read_at(0, first.data(), first.size());
  first.resize(got ? *got : 0);
  const std::string lower = base::lower_ascii(name);
  if (first.starts_with("%PDF")) return of_pdf(path, options);
  if (first.starts_with("PK\x03\x04")) return of_office(path, options);
  if (lower.ends_with(".txt") || lower.ends_with(".csv")) return of_plain(path, options);
  return {"", {"Loại tệp không đọc được chữ", "no text is read from files of this kind"}};
}

}  // namespace

FileText text_of_file(const std::string& path, std::string_view name, const TextOptions& options) {
  FileText out = read_by_kind(path, name, options);
  out.text = base::cut_utf8(out.text, options.text_bytes);
  const Encoding encoding = encoding_of(out.text);
  if (encoding == Encoding::unicode) return out;
  const std::string which = encoding == Encoding::tcvn3 ? "TCVN3" : "VNI";
  out.note = {"Chữ theo bảng mã cũ " + which + ", không tìm được theo từ; hãy gửi lại bằng Unicode",
              "the text is in the old encoding " + which +
                  "; its words cannot be found: send it again in Unicode"};
  return out;
}

}  // namespace search
