// What an HTTP server answers for the log's files. Only paths that a log can have are looked for.
#pragma once
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "trust/log/tiles.h"

namespace trust::log {

// Whether `path` ("tile/0/x001/067.p/5") is one of docs/formats/transparency-log.md.
bool is_log_path(std::string_view path);

struct ServedFile {
  base::Bytes body;
  std::string_view content_type, cache_control;
};
// `path` is what follows the log's prefix, without a leading '/'. trust.log_file_missing
// (not_found), trust.log_unavailable.
base::Result<ServedFile> serve(LogSource& source, std::string_view path);

}  // namespace trust::log
