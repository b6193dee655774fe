// What software drops into DIR/outbox goes out, once: taken into outbox/.taken, handed in under a
// key that is on disk before the first attempt, and moved to sent or failed.
#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "agent/api.h"
#include "agent/folder.h"
#include "agent/line.h"
#include "agent/settings.h"
#include "base/time.h"

namespace agent {

// One thread. What is passed in outlives it.
class Outbox {
 public:
  struct Parts {
    base::FileSystem& files;
    const Folder& folder;
    const Settings& settings;
    const base::Clock& clock;
    Api& api;
    Line& line;
  };
  struct Round {
    int sent = 0, failed = 0;
    int waiting = 0;        // taken, to be tried again
    int incomplete = 0;     // not taken: still changing, or something is missing beside it
    bool changing = false;  // of those, one that only has to stay as it is for a moment
  };
  explicit Outbox(Parts parts) : parts_(parts) {}

  // Takes what is complete, tries what is due, and moves what is decided. After a kill at any line
  // the next round goes on. Without `room` on the disk nothing new is taken. An error is one of the
  // disk.
  base::Result<Round> round(bool room, const std::atomic<bool>& stopping);

 private:
  struct Job;
  struct Candidate;
  base::Result<void> take_new(bool room, Round& round);
  base::Result<Candidate> candidate(const std::vector<Seen>& seen, const Seen& lead);
  bool settled(const Seen& seen);
  base::Result<void> take(const std::string& name, const std::vector<std::string>& files);
  base::Result<void> work_on(const std::string& name, Round& round);
  base::Result<Job> prepare(const std::string& name);
  base::Result<void> attempt(Job& job, Round& round);
  base::Result<std::optional<Answer>> sent_before(const Job& job);
  base::Result<void> wait(const std::string& name, const base::Error& error, std::int64_t next);
  base::Result<void> put_off(const std::string& name, const base::Error& error, Round& round);
  base::Result<void> decide(Job& job, const base::Json& result, bool good, Round& round);
  base::Result<void> refuse(Job& job, const base::Error& error, Round& round);
  base::Result<void> finish(const Job& job);
  std::string result_name(const std::string& name, bool good);

  const Parts parts_;
  struct Watched {
    std::uint64_t size = 0;
    std::int64_t changed = 0, since = 0;  // since: base::monotonic_micros()
  };
  std::map<std::string, Watched> watched_;
  std::map<std::string, Later> later_;       // by NAME
  std::map<std::string, std::string> told_;  // NAME → the reason in its waiting.json
};

}  // namespace agent
