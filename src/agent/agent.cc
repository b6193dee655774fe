#include "agent/agent.h"

#include <chrono>
#include <thread>

#include "base/log.h"
#include "base/time.h"

namespace agent {
namespace {

constexpr std::int64_t kLookMicros = 500'000;   // between two looks at the directory
constexpr std::int64_t kSliceMicros = 100'000;  // how long a stop may go unnoticed while resting

}  // namespace

base::Result<std::unique_ptr<Agent>> Agent::open(base::FileSystem& files,
                                                 const std::string& directory,
                                                 const base::Clock& clock,
                                                 const std::atomic<bool>& stopping) {
  std::unique_ptr<Agent> agent(new Agent(files, directory, clock, stopping));
  agent->settings_ = TRY(load_settings(files, directory));
  TRY(make_folders(files, directory));
  agent->lock_ = TRY(files.lock(agent->folder_.lock()));
  agent->api_ = TRY(connect(files, agent->settings_, stopping));
  const auto parts = [&agent, &files, &clock](Line& line) {
    return Outbox::Parts{files, agent->folder_, agent->settings_, clock, *agent->api_, line};
  };
  agent->outbox_ = std::make_unique<Outbox>(parts(agent->out_));
  agent->inbox_ = std::make_unique<Inbox>(parts(agent->in_));
  agent->follow_ = std::make_unique<Follow>(parts(agent->in_));
  TRY(agent->inbox_->resume());
  return agent;
}

bool Agent::room() const { return files_.free_bytes(folder_.root) >= settings_.reserve_bytes; }

base::Result<void> Agent::look(Sum& sum, bool incoming, bool all) {
  const Outbox::Round out = TRY(outbox_->round(room(), stopping_));
  sum.sent += out.sent;
  sum.failed += out.failed;
  sum.waiting = out.waiting + out.incomplete;
  changing_ = out.changing;
  if (stopping_) return base::done();
  const Inbox::Round said = TRY(inbox_->report(stopping_));
  sum.reported += said.reported;
  sum.failed += said.refused;
  sum.waiting += said.waiting;
  changing_ = changing_ || said.changing;
  if (!incoming || stopping_) return base::done();
  const Inbox::Round in = TRY(inbox_->receive(stopping_));
  sum.received += in.received;
  sum.waiting += in.waiting;
  if (stopping_) return base::done();
  return follow_->round(all, stopping_);
}

base::Result<Agent::Sum> Agent::once() {
  Sum sum;
  TRY(look(sum, true, true));
  if (changing_ && !stopping_) {
    rest(std::int64_t{settings_.settle_ms} * 1000 + kSliceMicros);
    TRY(look(sum, true, true));
  }
  return sum;
}

void Agent::run() {
  std::int64_t asked = 0;
  bool troubled = false, full = false;
  while (!stopping_) {
    const std::int64_t now = base::monotonic_micros();
    const bool incoming =
        asked == 0 || now - asked >= std::int64_t{settings_.poll_seconds} * 1'000'000;
    if (incoming) asked = now;
    if (room() == full) {
      full = !full;
      if (full) base::log::error("agent.no_room", {{"directory", folder_.root}});
      if (!full) base::log::info("agent.room_again");
    }
    Sum sum;
    const auto looked = look(sum, incoming, false);
    if (!looked && !troubled)
      base::log::error("agent.disk_trouble",
                       {{"reason", looked.error().reason()}, {"detail", looked.error().detail()}});
    if (looked && troubled) base::log::info("agent.disk_well");
    troubled = !looked;
    rest(troubled ? 4 * kLookMicros : kLookMicros);
  }
}

void Agent::rest(std::int64_t micros) const {
  const std::int64_t end = base::monotonic_micros() + micros;
  while (!stopping_ && base::monotonic_micros() < end)
    std::this_thread::sleep_for(std::chrono::microseconds(kSliceMicros));
}

}  // namespace agent
