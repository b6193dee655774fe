// What becomes of documents later: the states of what was sent; of what came, recalls and verdicts
// on signatures.
#pragma once
#include <map>
#include <string>

#include "agent/outbox.h"

namespace agent {

// One thread. What is passed in outlives it.
class Follow {
 public:
  explicit Follow(const Outbox::Parts& parts) : parts_(parts) {}
  // Asks about what is due, for a few seconds at most: young documents at every call, older ones
  // every minute, after a day every quarter of an hour; after agent.follow_days no more. `all`:
  // asks about everything. An error is one of the disk.
  base::Result<void> round(bool all, const std::atomic<bool>& stopping);

 private:
  struct Entry {
    bool sent = false;
    std::string id;
    std::int64_t since = 0;  // microseconds since 1970
    std::int64_t due = 0;    // base::monotonic_micros()
  };
  base::Result<void> find(const std::string& directory, bool sent);
  base::Result<bool> ask(const Entry& entry);
  base::Result<bool> ask_sent(const Entry& entry);
  base::Result<bool> ask_received(const Entry& entry);
  base::Result<void> tell_recall(const Entry& entry, const base::Json& delivery, base::Json& mark);
  base::Result<void> tell_verdict(const Entry& entry, const base::Json& delivery, base::Json& mark);
  std::string file_of(const Entry& entry) const;

  const Outbox::Parts parts_;
  std::map<std::string, Entry> entries_;  // by file
};

}  // namespace agent
