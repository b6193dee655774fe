#include "cli/giving_way.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace cli {
namespace {

constexpr int kNice = 10;
// ioprio_set(2), which the C library does not have: this thread, best effort, the lowest level.
constexpr int kOfThread = 1, kBestEffortLowest = 2 << 13 | 7;
// Changes to a commit. One at a time makes groups of one; a rush makes groups of dozens.
constexpr std::uint64_t kRush = 4;

}  // namespace

void lower_priority() {
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)), kNice);
  ::syscall(SYS_ioprio_set, kOfThread, 0, kBestEffortLowest);
}

bool GivingWay::now(std::chrono::steady_clock::time_point time) {
  const std::uint64_t commits = database_.commits(), changes = database_.changes();
  const bool rush = changes - changes_ >= kRush * (commits - commits_) && commits > commits_;
  commits_ = commits;
  changes_ = changes;
  return rush && time - caught_up_ < at_most_;
}

}  // namespace cli
