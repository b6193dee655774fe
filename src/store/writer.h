// The group-commit writer: many changes, one commit.
//
// Changes of a group run one after the other in one transaction, without savepoints, since nearly
// all of them succeed. One that fails before it wrote anything fails alone. After one that failed
// later the whole group is rolled back and every change runs again in a transaction of its own.
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/queue.h"
#include "base/result.h"
#include "store/session.h"
#include "store/signal.h"

namespace store {

class Writer {
 public:
  using Change = std::function<base::Result<void>(Connection&)>;

  Writer(std::unique_ptr<Session> session, const Database::Options& options);
  ~Writer();  // finishes what waits
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // As Database::write. Any thread but the writer's own.
  base::Result<void> write(const Change& change, base::Lane lane);

  std::uint64_t commits() const { return commits_.load(std::memory_order_relaxed); }
  std::uint64_t changes() const { return changes_.load(std::memory_order_relaxed); }
  std::size_t waiting() const { return queue_.size(); }

 private:
  // Lives on the stack of the thread that waits for it.
  struct Waiting {
    const Change* change;
    base::Result<void> result;
    Signal finished;
  };
  using Group = std::vector<Waiting*>;
  enum class Outcome : unsigned char { settled, run_alone };

  void loop();
  void run(const Group& group);
  Outcome run_together(const Group& group);
  Outcome apply_all(const Group& group);
  base::Result<void> apply(const Change& change);
  base::Result<void> commit();

  const std::unique_ptr<Session> session_;
  const std::function<base::Result<void>()> before_commit_;
  const std::size_t group_changes_max_;
  base::Queue<Waiting*> queue_;
  std::atomic<std::uint64_t> commits_{0};
  std::atomic<std::uint64_t> changes_{0};
  std::mutex caller_;   // without a thread of its own: one caller at a time
  std::thread thread_;  // last: it uses everything above
};

}  // namespace store
