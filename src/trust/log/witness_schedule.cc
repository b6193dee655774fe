#include "trust/log/witness_schedule.h"

#include <algorithm>

#include "base/log.h"
#include "base/text.h"

namespace trust::log {

using base::Result;

Result<std::vector<WitnessAddress>> parse_witnesses(std::string_view text) {
  std::vector<WitnessAddress> out;
  for (const std::string_view item : base::split(text, ',')) {
    const std::string_view one = base::trim(item);
    if (one.empty()) continue;
    const std::size_t space = one.find(' ');
    const std::string_view url =
        space == one.npos ? std::string_view() : base::trim(one.substr(space));
    if (url.empty()) {
      return base::Error(base::Code::invalid, "trust.witness_setting_malformed",
                         "write evidence.witnesses as KEY URL, with commas between witnesses; this "
                         "is not so: " +
                             std::string(base::cut_utf8(one, 100)),
                         "ghi evidence.witnesses dạng KHÓA ĐỊA_CHỈ, các nhân chứng cách nhau bằng "
                         "dấu phẩy; chỗ này không đúng: " +
                             std::string(base::cut_utf8(one, 100)));
    }
    out.push_back({TRY(NoteVerifier::parse(one.substr(0, space))), std::string(url)});
  }
  return out;
}

WitnessSchedule::WitnessSchedule(Log& log, const base::Clock& clock, Options options)
    : log_(log), clock_(clock), options_(options), witnesses_(log) {}

void WitnessSchedule::add(NoteVerifier key, std::unique_ptr<WitnessTransport> transport) {
  standings_.push_back({key.name(), {}, {}, 0, {}});
  turns_.push_back({});
  witnesses_.add(std::move(key), std::move(transport));
}

std::vector<Witnesses::Outcome> WitnessSchedule::step() {
  const base::Time now = clock_.now();
  const auto outcomes = witnesses_.ask([&](std::size_t i) {
    // Later than any wait can be: the clock was set back.
    return turns_[i].next <= now || turns_[i].next - now > options_.back_off_max;
  });
  for (const auto& outcome : outcomes) note(outcome, now);
  return outcomes;
}

void WitnessSchedule::note(const Witnesses::Outcome& outcome, base::Time now) {
  if (!outcome.result) {
    base::log::warning("trust.witness_failed", {{"witness", outcome.witness},
                                                {"reason", outcome.result.error().reason()},
                                                {"detail", outcome.result.error().detail()}});
    if (outcome.result.error().reason() == "trust.log_rolled_back")
      log_.hold(outcome.result.error());
  }
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < standings_.size(); ++i) {
    Standing& standing = standings_[i];
    if (standing.witness != outcome.witness) continue;
    if (outcome.result) {
      standing.cosigned_at = now;
      standing.away_since.reset();
      standing.reason.clear();
      turns_[i] = {now + options_.interval, 0};
      continue;
    }
    ++standing.failures;
    standing.reason = outcome.result.error().reason();
    if (!standing.away_since) standing.away_since = now;
    const int doublings = std::min(turns_[i].in_a_row++, 20);
    const base::Duration wait =
        std::min(options_.back_off_max, options_.interval * (std::int64_t{1} << doublings));
    turns_[i].next = now + wait;
  }
}

void WitnessSchedule::start(std::function<void()> first) {
  thread_ = std::thread([this, first = std::move(first)] {
    step();
    if (first) first();
    std::unique_lock lock(mutex_);
    while (!stopping_.wait_for(lock, std::chrono::seconds(1), [this] { return stop_; })) {
      lock.unlock();
      step();
      lock.lock();
    }
  });
}

void WitnessSchedule::stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  stopping_.notify_all();
  if (thread_.joinable()) thread_.join();
}

std::vector<WitnessSchedule::Standing> WitnessSchedule::standings() const {
  const std::lock_guard lock(mutex_);
  return standings_;
}

std::vector<std::string> WitnessSchedule::away() const {
  std::vector<std::string> names;
  const base::Time now = clock_.now();
  for (const Standing& standing : standings()) {
    if (standing.away_since && now - *standing.away_since >= options_.away_after)
      names.push_back(standing.witness);
  }
  return names;
}

}  // namespace trust::log
