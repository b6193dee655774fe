// What arrives is written to DIR/inbox, once, and then acknowledged; what software answers there is
// reported.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>

#include "agent/outbox.h"

namespace agent {

// One thread. What is passed in outlives it.
class Inbox {
 public:
  struct Round {
    int received = 0, reported = 0, refused = 0;
    int waiting = 0;        // could not be fetched, acknowledged or reported now
    bool changing = false;  // of those, a report that only has to stay as it is for a moment
  };
  explicit Inbox(const Outbox::Parts& parts) : parts_(parts) {}

  // Takes up what an earlier run left half done. Before anything else.
  base::Result<void> resume();
  // Fetches everything that waits and acknowledges it. An error is one of the disk.
  base::Result<Round> receive(const std::atomic<bool>& stopping);
  // Reports every status.json.
  base::Result<Round> report(const std::atomic<bool>& stopping);

 private:
  struct Mark;
  bool room_for(std::uint64_t bytes) const;
  base::Result<void> arrive(const base::Json& delivery, Round& round);
  base::Result<std::optional<std::string>> fetch(const base::Json& delivery, const std::string& to);
  base::Result<void> place(const std::string& id);
  base::Result<void> acknowledge(const std::string& id, Round& round);
  base::Result<void> report_one(const std::string& id, Round& round);
  base::Result<void> sweep();

  const Outbox::Parts parts_;
  std::set<std::string> unacknowledged_;
  std::map<std::string, Later> later_;  // by delivery, with "/status" for its report
  int broken_off_ = 0;                  // transfers in a row, of one call of receive()
  bool full_ = false;
};

// What is told of a document's signatures, from the answer of /documents/{id}/signatures.
base::Json verdict_json(const Answer& signatures);

}  // namespace agent
