// How long the figures of a site take that truc_bench_fill has filled, and to count them all anew.
//
//   truc_bench_insight --database URL --key SITE/secret.key --calls 100
#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "base/random.h"
#include "insight/lists.h"
#include "insight/measures.h"
#include "insight/rollup.h"
#include "insight/savings.h"
#include "plan.h"

namespace {

using Clock = std::chrono::steady_clock;

template <class T>
T must(base::Result<T> result) {
  if (!result) bench::die(result.error().detail());
  if constexpr (!std::is_void_v<T>) return std::move(result).value();
}

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace

int main(int argc, char** argv) {
  const bench::Arguments arguments(argc, argv);
  const std::int64_t calls = arguments.number("calls", 100);
  const base::SystemClock clock;
  base::SystemRandom random;
  base::Metrics metrics;
  store::Database::Options options;
  options.url = arguments.text("database", "");
  const auto database = must(store::Database::open(options));
  const auto blobs = must(store::open_blob_directory(
      base::real_files(), random, arguments.text("blobs", "/tmp/truc-bench-blobs")));
  const auto exchange = must(exchange::Exchange::open(
      {*database, *blobs, clock, random, metrics,
       bench::read_file(arguments.text("key", "secret.key")), exchange::Policy()}));
  const auto rollup = must(insight::Rollup::open(*exchange));
  bench::Figures figures;
  auto start = Clock::now();
  const auto followed = must(rollup->follow());
  figures.add("follow_seconds", seconds_since(start));
  figures.add_count("followed", static_cast<std::uint64_t>(followed));
  start = Clock::now();
  const auto rebuilt = must(rollup->rebuild());
  figures.add("rebuild_seconds", seconds_since(start));
  figures.add_count("days", static_cast<std::uint64_t>(rebuilt.days));
  figures.add_count("changed", static_cast<std::uint64_t>(rebuilt.changed));

  const base::Time now = clock.now();
  const std::int64_t today = insight::day_of(now);
  const insight::Period year{today - insight::kDaysMax + 1, today + 1};
  const insight::Scope all{true, {}, insight::Direction::received};
  std::vector<exchange::OrganisationKey> keys;
  exchange->directory().each([&](const auto& one) { keys.push_back(one.key); });
  std::int64_t turn = 0;
  const auto one = [&] {
    return insight::Scope{false,
                          {keys[static_cast<std::size_t>(turn++) % keys.size()]},
                          insight::Direction::received};
  };
  const auto assumptions = must(insight::Assumptions::read(*exchange));
  const identity::Reach everywhere{true, {}};
  base::Time as_of;
  insight::ListQuery late;
  late.scope = all;
  late.period = year;
  late.late = insight::Late::now;
  const std::pair<std::string_view, std::function<void()>> measured[] = {
      {"flow",
       [&] {
         const auto summary = must(insight::summary(*rollup, all, year, now));
         insight::volumes(summary);
         insight::times(summary);
         insight::funnel(summary);
       }},
      {"lateness", [&] { insight::lateness(must(insight::summary(*rollup, all, year, now))); }},
      {"organisation", [&] { insight::times(must(insight::summary(*rollup, one(), year, now))); }},
      {"standings",
       [&] {
         must(insight::standings(*rollup, everywhere, insight::Direction::received, year, now,
                                 as_of));
       }},
      {"savings", [&] { must(insight::ledger(*rollup, assumptions, year, now)); }},
      {"stuck", [&] { must(insight::stuck(*rollup, all, now, 0, 50, now)); }},
      {"stuck_organisation", [&] { must(insight::stuck(*rollup, one(), now, 0, 50, now)); }},
      {"list", [&] { must(insight::deliveries(*exchange, late, 0, 50, now)); }},
  };
  double slowest = 0;
  for (const auto& [name, work] : measured) {
    load::Latencies latencies;
    for (std::int64_t i = 0; i < calls; ++i) {
      const auto begin = Clock::now();
      work();
      latencies.add(1000 * seconds_since(begin));
    }
    figures.add(std::string(name) + "_p95_ms", latencies.at(0.95));
    slowest = std::max(slowest, latencies.at(0.95));
  }
  figures.add("slowest_p95_ms", slowest);
  figures.print();
  return 0;
}
