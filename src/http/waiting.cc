#include "http/waiting.h"

#include "http/loop.h"

namespace http {

// Before attach() the ring is only kept; attach() sees it. The mutex keeps the loop alive while it
// is told: a connection detaches before its loop ends.
void Waiting::wake() {
  if (rung_.exchange(true)) return;
  std::lock_guard lock(mutex_);
  if (loop_ == nullptr) return;
  if (auto connection = connection_.lock()) loop_->woken(std::move(connection));
}

bool Waiting::attach(Loop& loop, std::weak_ptr<Connection> connection) {
  std::lock_guard lock(mutex_);
  loop_ = &loop;
  connection_ = std::move(connection);
  return rung_.load();
}

void Waiting::detach() {
  std::lock_guard lock(mutex_);
  loop_ = nullptr;
  connection_.reset();
}

}  // namespace http
