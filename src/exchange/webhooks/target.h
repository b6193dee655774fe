// One attempt to tell a target of an event: where it may be, how it is signed, what is read back.
// docs/formats/webhooks.md.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace exchange::webhooks {

// What the operator allows.
struct TargetRules {
  std::vector<std::uint16_t> ports = {443};
  // Also http://127.0.0.1 and http://[::1], on any port: for tests and demonstrations.
  bool loopback = false;
  std::string trust_file;   // PEM with extra authorities; empty: the machine's
  int deadline_ms = 10000;  // of one attempt, all of it
};

// exchange.bad_webhook_url (invalid): not https, a port that is not allowed, user or query in it,
// or a literal address that is not public. A name is judged when it is called, each time.
base::Result<void> check_url(std::string_view url, const TargetRules& rules);

// "whsec_…" from 32 random bytes, as Standard Webhooks has it.
std::string secret_text(std::string_view secret);
// The header webhook-signature: one "v1,…" for each secret.
std::string signature(const std::vector<std::string>& secrets, std::string_view id,
                      std::int64_t timestamp, std::string_view body);

struct Message {
  std::string id;  // of the event: stays the same when it is tried again
  std::string body;
  base::Time at;
  std::vector<std::string> secrets;  // bytes; the current one first
};
struct Outcome {
  int status = 0;  // of the answer; 0: there was none
  base::Duration duration{0};
  std::string error;  // a reason (docs/reasons.md), or empty
  bool ok() const { return status >= 200 && status < 300 && error.empty(); }
};
// Resolves the name, refuses every address that is not public or is this machine's own, and
// connects to exactly an address that it has checked. Follows no redirect, reads at most 64 KiB.
// Blocks until the deadline at most, but for the resolver. Any thread.
Outcome send(std::string_view url, const Message& message, const TargetRules& rules);

}  // namespace exchange::webhooks
