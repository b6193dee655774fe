#include "store/readers.h"

#include <utility>

namespace store {

using base::Result;

Result<void> Readers::read(const std::function<Result<void>(Session&)>& work) {
  std::unique_ptr<Session> session = TRY(take());
  Result<void> result = session->begin_read();
  if (result.ok()) {
    session->forget_failure();
    result = work(*session);
    if (result.ok() && session->failure()) result = *session->failure();
    if (result.ok()) result = session->commit();
  }
  if (!result.ok()) session->rollback();
  give_back(std::move(session));
  return result;
}

Result<std::unique_ptr<Session>> Readers::take() {
  {
    std::unique_lock lock(mutex_);
    returned_.wait(lock, [&] { return busy_ < most_; });
    ++busy_;
    if (!idle_.empty()) {
      std::unique_ptr<Session> session = std::move(idle_.back());
      idle_.pop_back();
      return session;
    }
  }
  auto session = backend_.connect_reader();
  if (!session.ok()) give_back(nullptr);
  return session;
}

void Readers::give_back(std::unique_ptr<Session> session) {
  if (session && !session->usable()) session.reset();
  {
    std::lock_guard lock(mutex_);
    --busy_;
    if (session) idle_.push_back(std::move(session));
  }
  returned_.notify_one();
}

}  // namespace store
