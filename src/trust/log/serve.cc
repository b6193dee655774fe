#include "trust/log/serve.h"

#include <algorithm>

#include "base/text.h"
#include "trust/log/checkpoint.h"

namespace trust::log {
namespace {

bool is_head(std::string_view path) {
  return path == "checkpoint" || path == "checkpoint.witnessed";
}

bool is_digits(std::string_view text) {
  return text.size() == 3 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

bool is_log_path(std::string_view path) {
  if (is_head(path)) return true;
  auto parts = base::split(path, '/');
  if (parts.size() < 3 || parts.size() > 12 || parts[0] != "tile") return false;
  const auto level = parse_size(parts[1]);
  if (parts[1] != "entries" && (!level || *level > 63)) return false;
  std::string_view last = parts.back();
  std::size_t end = parts.size() - 1;
  if (end > 2 && parts[end - 1].ends_with(".p")) {
    const auto width = parse_size(last);
    if (!width || *width == 0 || *width >= kTileWidth) return false;
    last = parts[--end];
    last.remove_suffix(2);
  }
  for (std::size_t i = 2; i < end; ++i) {
    if (!parts[i].starts_with('x') || !is_digits(parts[i].substr(1))) return false;
  }
  const bool padded = end > 2 && parts[2] == "x000";  // a leading group of zeros is none
  return is_digits(last) && !padded;
}

base::Result<ServedFile> serve(LogSource& source, std::string_view path) {
  if (!is_log_path(path)) {
    return base::Error(base::Code::not_found, "trust.log_file_missing",
                       "a log has no file of that name", "Nhật ký không có tệp tên như vậy");
  }
  ServedFile file{TRY(source.read(std::string(path))), "application/octet-stream",
                  "public, max-age=31536000, immutable"};
  if (is_head(path)) {
    file.content_type = "text/plain; charset=utf-8";
    file.cache_control = "no-cache";
  }
  return file;
}

}  // namespace trust::log
