// What the process as a whole knows of itself, for its operators. Whoever puts the parts together
// implements it.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "trust/dated_certificate.h"

namespace exchange::rest {

// One finding about the site, with the remedy where something is wrong.
struct Check {
  bool ok = true;
  bool warning = false;  // to be done in time: no failure yet
  base::Text text;
};

struct PlatformState {
  std::string version, database;  // "0.3.0"; "sqlite", "postgresql"
  base::Time started_at, looked_at;
  std::uint64_t disk_free_bytes = 0, disk_bytes = 0;  // of the file system that the site is on
  // Of all documents as they were handed in; nothing while they are first counted.
  std::optional<std::int64_t> documents, document_bytes;
  std::optional<base::Time> backup_at;  // of the last whole one; nothing: none is known
  std::int64_t backup_documents = 0;
  std::optional<base::Time> backup_failed_at;  // after that
  std::string backup_failed_reason;
  std::vector<Check> checks;
};

struct Certificates {
  std::vector<trust::DatedCertificate> all;
  std::vector<base::Error> troubles;  // what could not be read
};

// Any thread; may block for seconds, and looks no more often than once a minute.
class Platform {
 public:
  virtual ~Platform() = default;
  virtual PlatformState state() = 0;
  virtual Certificates certificates() = 0;
};

}  // namespace exchange::rest
