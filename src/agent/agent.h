// The agent: carries documents between a directory and the exchange, for software that can only
// read and write files (docs/formats/agent-directory.md).
#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "agent/follow.h"
#include "agent/inbox.h"
#include "agent/outbox.h"

namespace agent {

// One thread.
class Agent {
 public:
  struct Sum {
    int sent = 0, received = 0, reported = 0, failed = 0;
    int waiting = 0;  // left for later
  };

  // Takes DIR for itself: base.file_locked while another agent has it. `stopping` outlives it.
  // Errors of load_settings().
  static base::Result<std::unique_ptr<Agent>> open(base::FileSystem& files,
                                                   const std::string& directory,
                                                   const base::Clock& clock,
                                                   const std::atomic<bool>& stopping);
  // Everything once: what is there goes out, what waits at the server comes in.
  base::Result<Sum> once();
  // On and on until `stopping`. A full disk or a lost network is waited for.
  void run();
  const Settings& settings() const { return settings_; }

 private:
  Agent(base::FileSystem& files, const std::string& directory, const base::Clock& clock,
        const std::atomic<bool>& stopping)
      : files_(files), folder_(directory), clock_(clock), stopping_(stopping) {}
  base::Result<void> look(Sum& sum, bool incoming, bool all);
  bool room() const;
  void rest(std::int64_t micros) const;

  base::FileSystem& files_;
  const Folder folder_;
  const base::Clock& clock_;
  const std::atomic<bool>& stopping_;
  Settings settings_;
  std::unique_ptr<base::FileLock> lock_;
  std::unique_ptr<Api> api_;
  Line out_{"send"}, in_{"receive"};
  std::unique_ptr<Outbox> outbox_;
  std::unique_ptr<Inbox> inbox_;
  std::unique_ptr<Follow> follow_;
  bool changing_ = false;
};

}  // namespace agent
