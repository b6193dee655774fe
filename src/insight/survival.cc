#include "insight/survival.h"

#include <algorithm>

namespace insight {
namespace {

// What rounding may add up to, far below one case of ten million.
constexpr double kSlack = 1e-12;

std::int64_t at(const Durations& durations, std::size_t place) {
  return place < durations.size() ? durations[place] : 0;
}

}  // namespace

Survival::Survival(const Durations& happened, const Durations& open)
    : happened_(sum_of(happened)), cases_(happened_ + sum_of(open)) {
  const std::size_t classes = std::max(happened.size(), open.size());
  std::int64_t awaited = cases_;
  // Between two open cases the product of the estimator is a plain fraction, and is kept as one: so
  // nothing is lost to rounding where nothing is open.
  double start = 1;
  std::int64_t of = cases_;
  for (std::size_t i = 0; i < classes; ++i) {
    awaited -= at(happened, i);
    const double now =
        of > 0 ? start * (static_cast<double>(awaited) / static_cast<double>(of)) : start;
    beyond_.push_back(now);
    if (at(open, i) == 0) continue;
    start = now;
    awaited -= at(open, i);
    of = awaited;
  }
}

double Survival::beyond(base::Duration duration) const {
  if (beyond_.empty()) return 1;
  return beyond_[std::min(class_of(duration), beyond_.size() - 1)];
}

std::optional<std::int64_t> Survival::within_seconds(double share) const {
  for (std::size_t i = 0; i < beyond_.size(); ++i)
    if (cases_ > 0 && beyond_[i] <= 1 - share + kSlack) return last_second_of(i);
  return std::nullopt;
}

}  // namespace insight
