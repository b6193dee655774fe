// Where revocation information comes from: given, kept, or fetched within a time budget.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"

namespace trust {

class RevocationSource {
 public:
  virtual ~RevocationSource() = default;
  // DER of the CRL at `url`, from the cache while it is fresh; else fetched before
  // `deadline_micros` (monotonic). trust.revocation_unavailable (unavailable).
  virtual base::Result<base::Bytes> crl(const std::string& url, base::Time now,
                                        std::int64_t deadline_micros) = 0;
  // DER of the OCSP response for a DER request.
  virtual base::Result<base::Bytes> ocsp(const std::string& url, base::BytesView request,
                                         base::Time now, std::int64_t deadline_micros) = 0;
  // The answer that `url` gave (to `request`; empty: its CRL) was not signed by whoever may give
  // it: it must not be handed out again as if it were fresh. Only the caller can know that.
  virtual void disbelieve(const std::string& url, base::BytesView request) {
    static_cast<void>(url), static_cast<void>(request);
  }
};

// Fetches by HTTP and keeps answers in memory until their nextUpdate, but a day at most. A source
// that failed, or whose answer was disbelieved or already out of date, is not asked again for
// `retry_after`. Any thread; nobody waits for another's fetch of a different address. The addresses
// are those of certificates that lead to an anchor: no stranger chooses where this machine
// connects.
struct FetchOptions {
  int timeout_ms = 3000;                // of one fetch, redirections included
  std::uint64_t bytes_max = 16u << 20;  // of one answer; of all kept ones four times that
  std::size_t entries_max = 1024;
  base::Duration retry_after = std::chrono::seconds(30);
  // Ask on this machine and in private networks too. Otherwise neither a certificate nor a
  // redirection leads there.
  bool private_addresses = false;
};
std::unique_ptr<RevocationSource> fetching_revocation_source(const FetchOptions& options = {});

}  // namespace trust
