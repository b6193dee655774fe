#include "follow.h"

#include <algorithm>
#include <cstdio>
#include <utility>

namespace bench {

using load::Clock;

namespace {
// How long after the last send the followed documents may take before they count as missing.
constexpr std::chrono::seconds kPatience(5);
constexpr std::chrono::milliseconds kAgain(5);
// Enough that acknowledgements, which queue behind the load, do not hold back the next documents.
constexpr std::size_t kAcknowledgers = 16;
}  // namespace

class Follow::Send : public load::Sender {
 public:
  explicit Send(Follow* follow) : follow_(follow) {}

  load::Next next(Clock::time_point now, load::Request* out, Clock::time_point* when) override {
    if (busy_) {  // refused or broken: the same document again, its latency running on
      if (now < again_) {
        *when = again_;
        return load::Next::later;
      }
      *out = kept_;
      return load::Next::request;
    }
    const auto due = follow_->options_.start +
                     std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(
                         static_cast<double>(follow_->made_) / follow_->options_.rate));
    if (due >=
        follow_->options_.start + std::chrono::duration_cast<Clock::duration>(
                                      std::chrono::duration<double>(follow_->options_.seconds))) {
      return load::Next::finished;
    }
    const auto free = std::find_if(
        follow_->organisations_.begin(), follow_->organisations_.end(),
        [](const Organisation& organisation) { return organisation.stage == Stage::free; });
    if (due > now || free == follow_->organisations_.end()) {
      if (due <= now && !waited_) {
        waited_ = true;
        ++follow_->held_back;
      }
      *when = std::max(due, now + std::chrono::milliseconds(1));
      return load::Next::later;
    }
    waited_ = false;
    index_ = static_cast<std::size_t>(free - follow_->organisations_.begin());
    free->stage = Stage::sending;
    free->due = due;
    ++follow_->made_;
    const vxp_client::Organisation& to = follow_->plan_->probe().organisations[index_];
    kept_ = follow_->stock_->request(follow_->stock_->next(follow_->options_.priority, &to));
    kept_.due = due;
    busy_ = true;
    ++follow_->sent;
    *out = kept_;
    return load::Next::request;
  }

  void answered(const load::Answer& answer) override {
    if (!accepted(answer.body)) {
      again_ = answer.received + kAgain;
      if (follow_->refused++ == 0) {
        std::fprintf(stderr, "refused: %.*s\n",
                     static_cast<int>(std::min<std::size_t>(answer.body.size(), 300)),
                     answer.body.data());
      }
      return;
    }
    follow_->answered.add(answer.milliseconds());
    busy_ = false;
  }

  void broken() override {}

 private:
  Follow* follow_;
  load::Request kept_;
  Clock::time_point again_{};
  std::size_t index_ = 0;
  bool busy_ = false;
  bool waited_ = false;
};

class Follow::List : public load::Sender {
 public:
  explicit List(Follow* follow) : follow_(follow) {}

  load::Next next(Clock::time_point now, load::Request* out, Clock::time_point* when) override {
    if (follow_->over(now)) {
      return load::Next::finished;
    }
    if (now < next_) {
      *when = next_;
      return load::Next::later;
    }
    out->own = follow_->plan_->probe_caller().received_list(vxp_client::MessageType::edoc);
    return load::Next::request;
  }

  void answered(const load::Answer& answer) override {
    next_ = answer.received + follow_->options_.poll_pause;
    ++follow_->polls;
    follow_->take_list(answer);
  }

  void broken() override {}

 private:
  Follow* follow_;
  Clock::time_point next_{};
};

class Follow::Acknowledge : public load::Sender {
 public:
  explicit Acknowledge(Follow* follow) : follow_(follow) {}

  load::Next next(Clock::time_point now, load::Request* out, Clock::time_point* when) override {
    if (now < again_) {
      *when = again_;
      return load::Next::later;
    }
    if (item_.second.empty()) {
      if (follow_->to_acknowledge_.empty()) {
        *when = now + std::chrono::milliseconds(1);
        return follow_->over(now) ? load::Next::finished : load::Next::later;
      }
      item_ = std::move(follow_->to_acknowledge_.front());
      follow_->to_acknowledge_.pop_front();
    }
    out->own = follow_->plan_->probe_caller().update_status(item_.second, "done");
    return load::Next::request;
  }

  void answered(const load::Answer& answer) override {
    if (!accepted(answer.body)) {
      again_ = answer.received + kAgain;
      return;
    }
    follow_->organisations_[item_.first].stage = Stage::free;
    item_.second.clear();
  }

  void broken() override {}

 private:
  Follow* follow_;
  std::pair<std::size_t, std::string> item_;  // organisation and docId, until it is acknowledged
  Clock::time_point again_{};
};

Follow::Follow(const Plan* plan, Stock* stock, Options options)
    : plan_(plan),
      stock_(stock),
      options_(options),
      organisations_(plan->probe().organisations.size()) {}

Follow::~Follow() = default;

void Follow::join(load::Loop* loop) {
  for (std::size_t i = 0; i < options_.senders; ++i) {
    lines_.push_back(std::make_unique<Send>(this));
  }
  lines_.push_back(std::make_unique<List>(this));
  for (std::size_t i = 0; i < kAcknowledgers; ++i) {
    lines_.push_back(std::make_unique<Acknowledge>(this));
  }
  for (const auto& line : lines_) {
    loop->add(line.get());
  }
}

bool Follow::over(Clock::time_point now) const {
  const auto end = options_.start + std::chrono::duration_cast<Clock::duration>(
                                        std::chrono::duration<double>(options_.seconds));
  const bool all_made = static_cast<double>(made_) >= options_.rate * options_.seconds;
  return now > end && ((all_made && missing() == 0) || now > end + kPatience);
}

void Follow::take_list(const load::Answer& answer) {
  const auto list = vxp_client::parse_answer(answer.body);
  if (!list || !list->ok()) {
    return;
  }
  for (const vxp_client::Item& item : list->items) {
    std::string id(item["docId"]);
    if (known_.count(id) != 0) {
      continue;
    }
    const auto& members = plan_->probe().organisations;
    const auto to = std::find_if(members.begin(), members.end(),
                                 [&](const auto& member) { return member.code == item["to"]; });
    if (to == members.end()) {
      continue;
    }
    const auto index = static_cast<std::size_t>(to - members.begin());
    Organisation& organisation = organisations_[index];
    known_.insert(id);
    if (organisation.stage != Stage::sending) {
      die("the list has a document twice: to " + to->code);
    }
    organisation.stage = Stage::listed;
    seen.add(std::chrono::duration<double, std::milli>(answer.received - organisation.due).count());
    to_acknowledge_.emplace_back(index, std::move(id));
  }
}

}  // namespace bench
