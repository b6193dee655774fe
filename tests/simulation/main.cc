// Runs seeds; see usage().
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "base/hash.h"
#include "base/log.h"
#include "base/text.h"
#include "base/time.h"
#include "simulation/simulation.h"

namespace simulation {
namespace {

struct Options {
  std::int64_t seeds = 1;
  std::int64_t first = 1;
  std::int64_t repeats = 5;  // of the first so many seeds, two runs are compared
  std::string broken;
  Settings settings;
};

void usage() {
  std::printf(
      "usage: tests/simulation/run [--seeds N] [--seed S] [--steps K] [--trace]\n"
      "                            [--check-repeat N] [--break WHAT]\n"
      "  --seeds N         how many seeds, from S on (1)\n"
      "  --seed S          the first, or only, seed (1)\n"
      "  --steps K         steps of each seed before everyone drains (300)\n"
      "  --trace           print every step\n"
      "  --check-repeat N  run the first N seeds twice and compare the traces (5)\n"
      "  --break WHAT      work wrongly, to see that it is noticed: unsynced-blobs,\n"
      "                    early-answer, no-window\n");
}

std::optional<Break> break_of(std::string_view name) {
  if (name == "unsynced-blobs") return Break::unsynced_blobs;
  if (name == "early-answer") return Break::early_answer;
  if (name == "no-window") return Break::no_window;
  return std::nullopt;
}

std::optional<Options> parse(int count, char** arguments) {
  Options options;
  for (int i = 1; i < count; ++i) {
    const std::string_view name = arguments[i];
    if (name == "--trace") {
      options.settings.trace = true;
      continue;
    }
    if (i + 1 == count) return std::nullopt;
    const std::string_view value = arguments[++i];
    const auto number = base::parse_int(value);
    if (name == "--break") {
      const auto broken = break_of(value);
      if (!broken) return std::nullopt;
      options.broken = value;
      options.settings.broken = *broken;
      continue;
    }
    if (!number || *number < 0) return std::nullopt;
    if (name == "--seeds") {
      options.seeds = *number;
    } else if (name == "--seed") {
      options.first = *number;
    } else if (name == "--steps" && *number <= 1'000'000) {
      options.settings.steps = static_cast<int>(*number);
    } else if (name == "--check-repeat") {
      options.repeats = *number;
    } else {
      return std::nullopt;
    }
  }
  return options;
}

std::string reproduction(std::int64_t seed, const Options& options) {
  std::string out = "tests/simulation/run --seed " + std::to_string(seed) + " --steps " +
                    std::to_string(options.settings.steps);
  if (!options.broken.empty()) out += " --break " + options.broken;
  return out + " --trace";
}

// One seed; whether it kept every promise.
bool run_seed(std::int64_t seed, const Options& options, Counts& counts, base::Sha256& traces) {
  const auto number = static_cast<std::uint64_t>(seed);
  const std::uint64_t errors = base::log::error_count();
  Outcome outcome = simulate(number, options.settings);
  if (seed - options.first < options.repeats && outcome.violation.empty()) {
    Settings quiet = options.settings;
    quiet.trace = false;
    const Outcome again = simulate(number, quiet);
    if (again.digest != outcome.digest) {
      outcome.violation = "a second run gave another trace: " + again.digest;
    }
  }
  if (outcome.violation.empty() && base::log::error_count() != errors) {
    outcome.violation = "an event of level error was logged";
  }
  traces.update(outcome.digest);
  for (const auto& [what, times] : outcome.counts) counts[what] += times;
  if (options.seeds == 1 || options.settings.trace || !outcome.violation.empty()) {
    std::printf("seed %lld trace %s\n", static_cast<long long>(seed), outcome.digest.c_str());
  }
  if (outcome.violation.empty()) return true;
  std::printf("FAILED seed %lld at step %d: %s\n  reproduce: %s\n", static_cast<long long>(seed),
              outcome.step, outcome.violation.c_str(), reproduction(seed, options).c_str());
  std::fflush(stdout);
  return false;
}

int run(const Options& options) {
  const std::int64_t start = base::monotonic_micros();
  const auto seconds = [&] { return static_cast<double>(base::monotonic_micros() - start) / 1e6; };
  std::int64_t passed = 0, failed = 0;
  Counts counts;
  base::Sha256 traces;
  for (std::int64_t i = 0; i < options.seeds; ++i) {
    (run_seed(options.first + i, options, counts, traces) ? passed : failed) += 1;
    if ((i + 1) % 50 == 0) {
      std::printf("%lld seeds, %lld failed, %.1f s\n", static_cast<long long>(i + 1),
                  static_cast<long long>(failed), seconds());
      std::fflush(stdout);
    }
  }
  std::printf("what happened, in all seeds:\n");
  for (const auto& [what, times] : counts) {
    std::printf("%12llu  %s\n", static_cast<unsigned long long>(times), what.c_str());
  }
  std::printf("all traces: %s\n", base::hex(traces.finish()).c_str());
  std::printf("%.1f s\n%lld passed, %lld failed\n", seconds(), static_cast<long long>(passed),
              static_cast<long long>(failed));
  return failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace simulation

int main(int count, char** arguments) {
  const auto options = simulation::parse(count, arguments);
  if (!options) {
    simulation::usage();
    return 2;
  }
  // Warnings are part of what is simulated.
  base::log::set_level(base::log::Level::error);
  return simulation::run(*options);
}
