#include "exchange/feed/hub.h"

#include <algorithm>
#include <unordered_set>

#include "base/time.h"

namespace exchange::feed {
namespace {
constexpr std::int64_t kWantedFor = 60'000'000;  // microseconds
}

struct Hub::Listener::Wake {
  std::mutex mutex;
  std::function<void()> call;  // empty once the listener has gone
};

Hub::Listener::Listener(Hub& hub, std::vector<OrganisationKey> organisations,
                        std::function<void()> wake)
    : hub_(hub), organisations_(std::move(organisations)), wake_(std::make_shared<Wake>()) {
  wake_->call = std::move(wake);
}

Hub::Listener::~Listener() {
  hub_.remove(*this);
  std::lock_guard lock(wake_->mutex);
  wake_->call = nullptr;
}

std::unique_ptr<Hub::Listener> Hub::listen(std::vector<OrganisationKey> organisations,
                                           std::function<void()> wake) {
  std::sort(organisations.begin(), organisations.end());
  organisations.erase(std::unique(organisations.begin(), organisations.end()), organisations.end());
  std::unique_ptr<Listener> listener(
      new Listener(*this, std::move(organisations), std::move(wake)));
  std::lock_guard lock(mutex_);
  for (const OrganisationKey key : listener->organisations_) {
    shelves_[key].wakes.push_back(listener->wake_);
  }
  ++listeners_;
  return listener;
}

void Hub::remove(const Listener& listener) {
  std::lock_guard lock(mutex_);
  for (const OrganisationKey key : listener.organisations_) {
    std::erase(shelves_[key].wakes, listener.wake_);
  }
  --listeners_;
}

Hub::Hub(std::size_t events_max) : events_max_(events_max), wanted_at_(-kWantedFor) {}

bool Hub::wanted() const {
  return listeners() > 0 || base::monotonic_micros() - wanted_at_ < kWantedFor;
}

void Hub::want() const { wanted_at_ = base::monotonic_micros(); }

void Hub::begin_at(std::int64_t seq) {
  std::lock_guard lock(mutex_);
  begin_here(seq);
}

void Hub::begin_here(std::int64_t seq) {
  begin_ = end_ = {seq, Cursor::kWholeEntry};
  begun_ = true;
  ring_.clear();
  for (auto& [key, shelf] : shelves_) {
    shelf.events.clear();
    shelf.dropped = begin_;
  }
}

void Hub::publish(const std::vector<EventPointer>& events, std::int64_t seq) {
  Wakes wakes;
  {
    std::lock_guard lock(mutex_);
    for (const EventPointer& event : events) {
      ring_.push_back(event);
      for (const OrganisationKey key : event->concerned) {
        Shelf& shelf = shelves_[key];
        shelf.events.push_back(event);
        wakes.insert(wakes.end(), shelf.wakes.begin(), shelf.wakes.end());
      }
      if (ring_.size() > events_max_) drop_oldest();
    }
    end_ = {seq, Cursor::kWholeEntry};
  }
  call(wakes);
}

void Hub::pass(const std::vector<EventPointer>& events, std::int64_t seq) {
  Wakes wakes;
  {
    std::lock_guard lock(mutex_);
    begin_here(seq);
    if (listeners_ == 0) return;
    for (const EventPointer& event : events) {
      for (const OrganisationKey key : event->concerned) {
        const auto& listening = shelves_[key].wakes;
        wakes.insert(wakes.end(), listening.begin(), listening.end());
      }
    }
  }
  call(wakes);
}

// Without the lock: whoever is woken may read at once.
void Hub::call(const Wakes& wakes) {
  std::unordered_set<const Listener::Wake*> called;
  for (const auto& wake : wakes) {
    if (!called.insert(wake.get()).second) continue;
    std::lock_guard lock(wake->mutex);
    if (wake->call) wake->call();
  }
}

void Hub::drop_oldest() {
  const EventPointer event = std::move(ring_.front());
  ring_.pop_front();
  for (const OrganisationKey key : event->concerned) {
    Shelf& shelf = shelves_[key];
    shelf.dropped = event->at;
    shelf.events.pop_front();
  }
}

std::optional<Hub::Recent> Hub::recent(const std::vector<OrganisationKey>& organisations,
                                       Cursor after, std::size_t events_max) const {
  want();
  std::lock_guard lock(mutex_);
  if (!begun_ || after > end_) return std::nullopt;
  Recent out;
  for (const OrganisationKey key : organisations) {
    const auto shelf = shelves_.find(key);
    if (after < std::max(begin_, shelf == shelves_.end() ? Cursor{0, 0} : shelf->second.dropped)) {
      return std::nullopt;
    }
    if (shelf == shelves_.end()) continue;
    const auto& events = shelf->second.events;
    auto from = std::upper_bound(
        events.begin(), events.end(), after,
        [](const Cursor& cursor, const EventPointer& event) { return cursor < event->at; });
    // One more than asked for shows that there are more.
    for (std::size_t n = 0; from != events.end() && n <= events_max; ++from, ++n) {
      out.events.push_back(*from);
    }
  }
  const auto earlier = [](const EventPointer& a, const EventPointer& b) { return a->at < b->at; };
  std::sort(out.events.begin(), out.events.end(), earlier);
  out.events.erase(std::unique(out.events.begin(), out.events.end()), out.events.end());
  out.more = out.events.size() > events_max;
  if (out.more) out.events.resize(events_max);
  out.next = out.more ? out.events.back()->at : end_;
  return out;
}

std::size_t Hub::listeners() const {
  std::lock_guard lock(mutex_);
  return listeners_;
}

std::size_t Hub::events() const {
  std::lock_guard lock(mutex_);
  return ring_.size();
}

}  // namespace exchange::feed
