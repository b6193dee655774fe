// Looking for malware with clamd (ClamAV) over its socket. Optional: without it nothing is scanned
// and the report says so.
#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "trust/judge.h"

namespace trust {

// Any thread; every scan has a connection of its own.
class Scanner {
 public:
  virtual ~Scanner() = default;
  // Never an error: what could not be scanned (clamd absent, slow, file too large for it) is
  // Scan::Outcome::not_scanned with the reason. `deadline_micros` is base::monotonic_micros().
  virtual Scan scan(const Source& file, std::int64_t deadline_micros) = 0;
};

// `address` is the path of clamd's socket, or HOST:PORT.
std::unique_ptr<Scanner> clamd_scanner(std::string address);

}  // namespace trust
