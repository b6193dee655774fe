#include "store/writer.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/check.h"
#include "base/log.h"

namespace store {

using base::Code;
using base::Error;
using base::Result;

Writer::Writer(std::unique_ptr<Session> session, const Database::Options& options)
    : session_(std::move(session)),
      before_commit_(options.before_commit),
      group_changes_max_(std::max<std::size_t>(options.group_changes_max, 1)),
      queue_(options.waiting_max) {
  if (options.own_writer_thread) thread_ = std::thread([this] { loop(); });
}

Writer::~Writer() {
  queue_.close();
  if (thread_.joinable()) thread_.join();
}

Result<void> Writer::write(const Change& change, base::Lane lane) {
  Waiting waiting{&change, {}, {}};
  if (!thread_.joinable()) {
    std::lock_guard lock(caller_);
    run({&waiting});
    return std::move(waiting.result);
  }
  // A change that waits for another change would wait for itself.
  CHECK(std::this_thread::get_id() != thread_.get_id());
  if (!queue_.push(&waiting, lane)) {
    return Error(Code::unavailable, "store.busy", "Too many changes wait for the database",
                 "Hệ thống đang quá tải, vui lòng thử lại sau");
  }
  waiting.finished.wait();
  return std::move(waiting.result);
}

void Writer::loop() {
  Group group;
  group.reserve(group_changes_max_);
  while (auto first = queue_.pop()) {
    group.assign(1, *first);
    while (group.size() < group_changes_max_) {
      auto next = queue_.try_pop();
      if (!next) break;
      group.push_back(*next);
    }
    run(group);
    for (Waiting* waiting : group) waiting->finished.set();
  }
}

void Writer::run(const Group& group) {
  if (run_together(group) == Outcome::settled) return;
  for (Waiting* waiting : group) {
    const Outcome outcome = run_together({waiting});
    CHECK(outcome == Outcome::settled);
  }
}

Writer::Outcome Writer::run_together(const Group& group) {
  if (auto begun = session_->begin_write(); !begun.ok()) {
    session_->rollback();
    for (Waiting* waiting : group) waiting->result = begun.error();
    return Outcome::settled;
  }
  if (apply_all(group) == Outcome::run_alone) {
    session_->rollback();
    return group.size() > 1 ? Outcome::run_alone : Outcome::settled;
  }
  std::uint64_t good = 0;
  for (const Waiting* waiting : group) good += waiting->result.ok() ? 1 : 0;
  if (good == 0) {
    session_->rollback();
    return Outcome::settled;
  }
  const Result<void> committed = commit();
  if (committed.ok()) {
    commits_.fetch_add(1, std::memory_order_relaxed);
    changes_.fetch_add(good, std::memory_order_relaxed);
    return Outcome::settled;
  }
  session_->rollback();
  // A deferred constraint: one of the group is to blame, the others are not.
  if (committed.error().code() == Code::conflict && group.size() > 1) return Outcome::run_alone;
  for (Waiting* waiting : group) {
    if (waiting->result.ok()) waiting->result = committed.error();
  }
  base::log::warning("store.commit_failed", {{"reason", committed.error().reason()},
                                             {"detail", committed.error().detail()},
                                             {"changes", good}});
  return Outcome::settled;
}

// Runs the changes one after the other; run_alone as soon as one failed that had written.
Writer::Outcome Writer::apply_all(const Group& group) {
  for (Waiting* waiting : group) {
    const std::uint64_t before = session_->written();
    waiting->result = apply(*waiting->change);
    if (waiting->result.ok()) continue;
    if (session_->written() != before || !session_->in_transaction()) return Outcome::run_alone;
  }
  return Outcome::settled;
}

Result<void> Writer::apply(const Change& change) {
  session_->forget_failure();
  Result<void> result = change(*session_);
  if (result.ok() && session_->failure()) return *session_->failure();
  return result;
}

Result<void> Writer::commit() {
  if (before_commit_) TRY(before_commit_());
  session_->forget_failure();
  return session_->commit();
}

}  // namespace store
