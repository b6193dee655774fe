#include "insight/measures.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace insight {
namespace {

constexpr std::int64_t kMinute = 60'000'000;

// How long what is open has waited at least: from the end of the minute of its acceptance.
base::Duration age_of(std::int64_t minute, base::Time as_of) {
  return base::Duration(std::max<std::int64_t>(0, base::to_micros(as_of) - (minute + 1) * kMinute));
}

std::int64_t sum_of(const std::map<std::int64_t, std::int64_t>& counts) {
  std::int64_t sum = 0;
  for (const auto& one : counts) sum += one.second;
  return sum;
}

class Making {
 public:
  Making(const Summary& summary, std::vector<Figure>& out) : summary_(summary), out_(out) {}
  Figure& add(std::string_view id, std::optional<std::int64_t> value, std::int64_t numerator,
              std::int64_t denominator, std::string_view list) {
    out_.push_back(
        {id, value, std::nullopt, numerator, denominator, summary_.as_of, list_of(summary_, list)});
    return out_.back();
  }
  void count(std::string_view id, std::int64_t value, std::int64_t denominator,
             std::string_view list) {
    add(id, value, value, denominator, list);
  }
  void percentile(std::string_view id, const Survival& survival, double share,
                  std::string_view list) {
    Figure& made =
        add(id, survival.within_seconds(share), survival.happened(), survival.cases(), list);
    if (!made.value && survival.cases() > 0) made.at_least = survival.known_seconds();
  }

 private:
  const Summary& summary_;
  std::vector<Figure>& out_;
};

}  // namespace

std::string list_of(const Summary& summary, std::string_view more) {
  std::string query = "/api/v1/insight/deliveries?from=" + day_text(summary.period.from) +
                      "&to=" + day_text(summary.period.to - 1) +
                      "&direction=" + std::string(name_of(summary.scope.direction));
  if (!summary.organisation.empty()) query += "&organisation=" + summary.organisation;
  if (!more.empty()) query += "&" + std::string(more);
  return query;
}

base::Result<Summary> summary(const Rollup& rollup, const Scope& scope, const Period& period,
                              base::Time now) {
  Summary out;
  TRY(rollup.exchange().database().read([&](store::Connection& connection) -> base::Result<void> {
    const base::Time as_of = TRY(rollup.as_of(connection, now));
    out = {scope, {}, period, {}, {}, as_of};
    std::map<std::int64_t, Day> days;
    TRY(Rollup::each(connection, scope, period,
                     [&](std::int64_t day, base::BytesView bytes) -> base::Result<void> {
                       const Cell cell = TRY(Cell::decode(bytes));
                       Day& of = days[day];
                       of.day = day;
                       of.documents += cell.documents;
                       of.deliveries += cell.deliveries;
                       of.urgent_deliveries += cell.urgent_deliveries;
                       out.cell.add(cell);
                       return base::done();
                     }));
    for (const auto& one : days) out.days.push_back(one.second);
    return base::done();
  }));
  return out;
}

base::Result<std::vector<Standing>> standings(const Rollup& rollup, const identity::Reach& reach,
                                              Direction direction, const Period& period,
                                              base::Time now, base::Time& as_of) {
  std::map<OrganisationKey, Standing> by;
  TRY(rollup.exchange().database().read([&](store::Connection& connection) -> base::Result<void> {
    by.clear();
    as_of = TRY(rollup.as_of(connection, now));
    return Rollup::each_organisation(
        connection, direction, period,
        [&](OrganisationKey key, base::BytesView bytes) -> base::Result<void> {
          if (!reach.covers(key)) return base::done();
          const Tally tally = TRY(Tally::read(bytes, as_of));
          Standing& of = by[key];
          of.organisation = key;
          of.documents += tally.documents;
          of.deliveries += tally.deliveries;
          of.answered += tally.answered;
          of.answered_late += tally.answered_late;
          of.late_now += tally.late_now;
          of.unarrived += tally.unarrived;
          return base::done();
        });
  }));
  std::vector<Standing> out;
  for (const auto& one : by) out.push_back(one.second);
  std::stable_sort(out.begin(), out.end(), [](const Standing& a, const Standing& b) {
    return a.deliveries > b.deliveries;
  });
  return out;
}

std::int64_t late_now(const Cell& cell, base::Time as_of) {
  std::int64_t late = 0;
  for (const auto& [waits, count] : cell.unanswered)
    if (waits.due != 0 && base::to_micros(as_of) > waits.due) late += count;
  return late;
}

Survival arrival_of(const Summary& summary) {
  Durations open = summary.cell.arrival_ended;
  for (const auto& [minute, count] : summary.cell.unarrived)
    add_to(open, class_of(age_of(minute, summary.as_of)), count);
  return {summary.cell.arrival, open};
}

Survival answer_of(const Summary& summary) {
  Durations open = summary.cell.answer_ended;
  for (const auto& [waits, count] : summary.cell.unanswered)
    add_to(open, class_of(age_of(waits.minute, summary.as_of)), count);
  return {summary.cell.answer, open};
}

std::vector<Figure> volumes(const Summary& summary) {
  std::vector<Figure> out;
  Making making(summary, out);
  const Cell& cell = summary.cell;
  making.count("documents", cell.documents, cell.documents, "");
  making.count("documents.urgent", cell.urgent_documents, cell.documents, "urgent=true");
  making.count("deliveries", cell.deliveries, cell.deliveries, "");
  making.count("deliveries.urgent", cell.urgent_deliveries, cell.deliveries, "urgent=true");
  making.count("deliveries.arrived", insight::sum_of(cell.arrival), cell.deliveries,
               "progress=arrived");
  return out;
}

std::vector<Figure> times(const Summary& summary) {
  std::vector<Figure> out;
  Making making(summary, out);
  const Survival arrival = arrival_of(summary), answer = answer_of(summary);
  making.percentile("arrival.p50", arrival, 0.50, "");
  making.percentile("arrival.p90", arrival, 0.90, "");
  making.percentile("arrival.p95", arrival, 0.95, "");
  making.percentile("arrival.p99", arrival, 0.99, "");
  making.count("arrival.open", sum_of(summary.cell.unarrived), summary.cell.deliveries,
               "progress=unarrived");
  making.percentile("answer.p50", answer, 0.50, "");
  making.percentile("answer.p95", answer, 0.95, "");
  std::int64_t unanswered = 0;
  for (const auto& one : summary.cell.unanswered) unanswered += one.second;
  making.count("answer.open", unanswered, summary.cell.deliveries, "progress=unanswered");
  return out;
}

std::vector<Figure> funnel(const Summary& summary) {
  static constexpr std::string_view kIds[kStages] = {
      "stage.waiting",    "stage.arrived",   "stage.received",  "stage.assigned",
      "stage.processing", "stage.completed", "stage.recovered", "stage.refused"};
  std::vector<Figure> out;
  Making making(summary, out);
  for (std::size_t i = 0; i < kStages; ++i) {
    making.count(kIds[i], summary.cell.stages[i], summary.cell.deliveries,
                 "stage=" + std::string(name_of(static_cast<Stage>(i))));
  }
  return out;
}

std::vector<Figure> lateness(const Summary& summary) {
  std::vector<Figure> out;
  Making making(summary, out);
  const Cell& cell = summary.cell;
  const std::int64_t now = late_now(cell, summary.as_of), answered = sum_of(cell.answer);
  std::int64_t paused = 0, unanswered = 0, coming = 0;
  for (const auto& [waits, count] : cell.unanswered) {
    unanswered += count;
    if (waits.due == 0) paused += count;
  }
  double expected = 0;
  for (const Forecast& one : forecast(summary)) {
    expected += one.expected;
    coming += one.waiting;
  }
  making.count("late.now", now, unanswered, "late=now");
  making.count("late.answered", cell.answered_late, answered, "late=answered");
  const std::int64_t late = now + cell.answered_late, judged = answered + now;
  making.add("late.share",
             judged > 0 ? std::optional((late * 1000 + judged / 2) / judged) : std::nullopt, late,
             judged, "late=any");
  making.count("late.paused", paused, unanswered, "late=paused");
  making.add("late.expected", std::llround(expected), std::llround(expected), coming,
             "late=coming");
  return out;
}

std::vector<Forecast> forecast(const Summary& summary) {
  const Survival answer = answer_of(summary);
  const base::Time now = summary.as_of;
  std::map<std::int64_t, Forecast> by_day;
  for (const auto& [waits, count] : summary.cell.unanswered) {
    const base::Time due = base::from_micros(waits.due);
    if (waits.due == 0 || now > due) continue;
    Forecast& of = by_day[day_of(due)];
    of.day = day_of(due);
    of.waiting += count;
    const double so_far = answer.beyond(age_of(waits.minute, now));
    const double then = answer.beyond(due - base::from_micros((waits.minute + 1) * kMinute));
    // Where nobody ever took so long there is nothing to go by: then it is expected.
    of.expected += static_cast<double>(count) * (so_far > 0 ? then / so_far : 1.0);
  }
  std::vector<Forecast> out;
  for (const auto& one : by_day) out.push_back(one.second);
  return out;
}

}  // namespace insight
