// RFC 3161 timestamps from authorities over HTTP, with fall-back from one to the next.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"

namespace trust {

struct Stamp {
  base::Bytes token;      // DER of the TimeStampToken
  base::Time at;          // its genTime
  std::string authority;  // the URL that gave it
};

// Any thread.
class TimestampClient {
 public:
  virtual ~TimestampClient() = default;
  // A token over a SHA-256 digest; the answer's nonce, imprint and signature were checked. Asks the
  // next authority when one is down, slow or lying; one that failed is left alone for a while.
  // trust.timestamp_unavailable (unavailable) when nobody answered well, naming each failure.
  virtual base::Result<Stamp> stamp(base::BytesView digest, int budget_ms) = 0;
};

struct TimestampOptions {
  std::vector<std::string> authorities;  // URLs in order of preference
  int timeout_ms = 3000;                 // of one authority
  base::Duration retry_after = std::chrono::seconds(30);
  base::Duration clock_tolerance = std::chrono::minutes(5);
  std::string policy = {};      // OID that the authority must follow; empty: its own choice
  std::string trust_file = {};  // for https: PEM with extra authorities
};
std::unique_ptr<TimestampClient> timestamp_client(TimestampOptions options,
                                                  const base::Clock& clock);

}  // namespace trust
