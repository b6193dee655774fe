// The text of a file: of PDFs by Poppler's programs, of scans by tesseract, of DOCX and ODT by
// unzip. Each runs on its own, within limits (program.h), and none has to be there: what is missing
// is said.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace search {

struct TextOptions {
  std::string directory;  // for pictures of pages; a new one is made in it and removed
  std::size_t text_bytes = 64 * 1024;
  int seconds = 20;       // for each program
  int scanned_pages = 3;  // of a scan that are read; 0: scans are not read
};

struct FileText {
  std::string text;  // UTF-8, cut at text_bytes
  // Why there is none, or what is odd about it; empty when all is well.
  base::Text note;
};
// Never fails: a file that cannot be read has no text, and a note. `path` is a file of this
// machine, `name` what people call it. Any thread.
FileText text_of_file(const std::string& path, std::string_view name, const TextOptions& options);

}  // namespace search
