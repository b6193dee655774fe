// A bounded queue with an urgent lane. Full means refused, never growth.
#pragma once
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace base {

enum class Lane : unsigned char { normal, urgent };

// Urgent items go first, but one item in eight is taken from the normal lane while it has any, so
// that neither starves the other. Any thread.
template <class T>
class Queue {
 public:
  explicit Queue(std::size_t capacity) : capacity_(capacity) {}

  // False when the lane is full or the queue closed; `item` is then untouched. Each lane has the
  // whole capacity to itself: a flood of normal work never refuses urgent work.
  bool push(T&& item, Lane lane = Lane::normal) {
    {
      std::lock_guard lock(mutex_);
      auto& items = lane == Lane::urgent ? urgent_ : normal_;
      if (closed_ || items.size() >= capacity_) return false;
      items.push_back(std::move(item));
    }
    ready_.notify_one();
    return true;
  }

  // Waits for an item; nothing once the queue is closed and empty.
  std::optional<T> pop() {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [&] { return closed_ || !urgent_.empty() || !normal_.empty(); });
    return take();
  }

  // An item if one is there.
  std::optional<T> try_pop() {
    std::lock_guard lock(mutex_);
    return take();
  }

  void close() {
    {
      std::lock_guard lock(mutex_);
      closed_ = true;
    }
    ready_.notify_all();
  }

  std::size_t size() const {
    std::lock_guard lock(mutex_);
    return urgent_.size() + normal_.size();
  }

 private:
  std::optional<T> take() {
    if (urgent_.empty() && normal_.empty()) return std::nullopt;
    const bool from_normal = urgent_.empty() || (!normal_.empty() && ++turn_ % 8 == 0);
    auto& items = from_normal ? normal_ : urgent_;
    std::optional<T> item(std::move(items.front()));
    items.pop_front();
    return item;
  }

  const std::size_t capacity_;
  mutable std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<T> urgent_, normal_;
  unsigned turn_ = 0;
  bool closed_ = false;
};

}  // namespace base
