#include "cli/background.h"

#include "base/log.h"
#include "cli/giving_way.h"
#include "exchange/late_judging.h"
#include "exchange/searching.h"

namespace cli {
namespace {

using std::chrono::milliseconds;

// An evidence takes some 50 microseconds of the writer (SQLite, 1,000,000 due): a round holds up
// nobody for longer than a commit does, and a million that are due at once take some seven minutes.
constexpr std::int64_t kExpiryRound = 64;

// Waits, unless it is time to stop.
void pause(const std::stop_token& stop, milliseconds time) {
  constexpr milliseconds kStep(50);
  for (; time > milliseconds(0) && !stop.stop_requested(); time -= kStep) {
    std::this_thread::sleep_for(std::min(time, kStep));
  }
}

void warn(std::string_view event, const base::Error& error) {
  base::log::warning(event, {{"reason", error.reason()}, {"detail", error.detail()}});
}

// Logs what is wrong with the keys when it begins, not twice a second.
void watch_keys(EvidenceOffice& office) {
  static std::string told;
  const auto refreshed = office.refresh();
  const std::string now = refreshed ? "" : refreshed.error().detail();
  if (now != told && !now.empty()) {
    base::log::warning("evidence.key_refused",
                       {{"reason", refreshed.error().reason()}, {"detail", now}});
  }
  told = now;
}

}  // namespace

base::Result<exchange::Deadlines> deadlines_of(const base::Config& config) {
  exchange::Deadlines out;
  out.fetch = TRY(exchange::Deadline::parse(config.text("evidence.fetch_by")));
  out.answer = TRY(exchange::Deadline::parse(config.text("evidence.answer_by")));
  return out;
}

exchange::SearchOptions search_options(const Site& site) {
  exchange::SearchOptions options;
  options.text.directory = site.directory;
  options.text.scanned_pages = static_cast<int>(site.config.integer("search.scanned_pages"));
  return options;
}

Background::Background(Site& site, exchange::Exchange& exchange, exchange::Deadlines deadlines,
                       Kept kept)
    : site_(site),
      exchange_(exchange),
      kept_(kept),
      deadlines_(std::move(deadlines)),
      expired_(site.metrics.counter("truc_deliveries_expired_total",
                                    "Evidences that a delivery was not fetched or not answered in "
                                    "time")),
      uploads_swept_(site.metrics.counter("truc_uploads_swept_total",
                                          "Uploads removed since nothing was done with them")) {
  site_.metrics.gauge("truc_deliveries_overdue",
                      "Deliveries whose receipt was due and is not acknowledged",
                      [this] { return static_cast<double>(overdue_.load()); });
  deliverer_ = std::make_unique<exchange::webhooks::Deliverer>(
      *site.webhooks(), site.random, site.metrics, exchange::webhooks::Deliverer::Options());
  threads_.emplace_back([this](const std::stop_token& stop) { refresh(stop); });
  threads_.emplace_back([this](const std::stop_token& stop) { count_late(stop); });
  threads_.emplace_back([this](const std::stop_token& stop) { follow(stop); });
  threads_.emplace_back([this](const std::stop_token& stop) { walk_chain(stop); });
  threads_.emplace_back([this](const std::stop_token& stop) { count_figures(stop); });
  if (site_.judging()) threads_.emplace_back([this](const std::stop_token& stop) { judge(stop); });
  site_.metrics.gauge("truc_search_waiting",
                      "Entries of the journal whose documents cannot be found yet",
                      [this] { return static_cast<double>(to_index_.load()); });
  if (site_.config.boolean("search.index"))
    threads_.emplace_back([this](const std::stop_token& stop) { index(stop); });
  if (exchange_.evidence())
    threads_.emplace_back([this](const std::stop_token& stop) { expire(stop); });
}

void Background::stop() {
  for (std::jthread& thread : threads_) thread.request_stop();
  threads_.clear();
  deliverer_.reset();
}

// What a crash left behind, and the directory and the rules, which commands of other processes
// change too.
void Background::refresh(const std::stop_token& stop) {
  if (const auto swept = exchange_.sweep(); !swept) {
    warn("serve.sweep_failed", swept.error());
  } else if (*swept > 0) {
    base::log::info("serve.swept", {{"files", *swept}});
  }
  while (!stop.stop_requested()) {
    pause(stop, milliseconds(500));
    if (const auto refreshed = exchange_.directory().refresh(); !refreshed)
      warn("serve.refresh_failed", refreshed.error());
    if (const auto days = site_.calendar()->refresh(); !days)
      warn("serve.refresh_failed", days.error());
    if (EvidenceOffice* const office = site_.evidence()) watch_keys(*office);
    if (!site_.judging()) continue;
    if (const auto rules = site_.judging()->refresh(); !rules)
      warn("serve.refresh_failed", rules.error());
  }
}

// Apart from the rest, since one document may take minutes.
void Background::judge(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const auto judged = exchange::judge_remaining(exchange_, *site_.judging(), 16);
    if (!judged) warn("serve.judging_failed", judged.error());
    if (!judged || *judged == 0) pause(stop, milliseconds(250));
  }
}

// Events are told soon after this process has committed something, and within a second after
// another one has. What comes within a tenth of a second is noted in one transaction; while nobody
// reads, what comes within a second.
void Background::follow(const std::stop_token& stop) {
  constexpr std::int64_t kRound = 5000;
  constexpr milliseconds kLook(20), kGather(100), kUnread(1000), kOthers(1000);
  constexpr std::chrono::hours kPrune(1);
  lower_priority();
  std::uint64_t seen = 0;
  auto looked = std::chrono::steady_clock::time_point(), pruned = looked;
  while (!stop.stop_requested()) {
    const auto now = std::chrono::steady_clock::now();
    const std::uint64_t commits = site_.database->commits();
    if (commits == seen && now - looked < kOthers) {
      pause(stop, kLook);
      continue;
    }
    looked = now;
    const auto followed = site_.feed()->follow(kRound);
    if (!followed) warn("serve.feed_failed", followed.error());
    const bool whole = followed && *followed == kRound;  // there is more
    if (!whole) seen = commits;
    const milliseconds gather = site_.feed()->hub().wanted() ? kGather : kUnread;
    pause(stop, followed && *followed > 0 && !whole ? gather : kLook);
    if (now - pruned < kPrune) continue;
    pruned = now;
    if (const auto forgotten = site_.feed()->prune(); !forgotten)
      warn("serve.feed_failed", forgotten.error());
  }
}

// Lateness is a figure of the whole site: counted once a minute, not for each reader. As often what
// is known of the systems' calls is written, and abandoned uploads are removed.
void Background::count_late(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    if (const auto written = exchange_.calls().flush(); !written)
      warn("serve.calls_failed", written.error());
    if (const auto late = exchange_.late(0)) overdue_ = late->total;
    sweep_uploads();
    if (const auto counted = kept_.platform.count(); !counted)
      warn("serve.counting_failed", counted.error());
    pause(stop, milliseconds(60'000));
  }
}

// Behind everything else: a million entries take some seconds, spread over as many pauses.
void Background::walk_chain(const std::stop_token& stop) {
  constexpr milliseconds kBetween(50), kIdle(30'000);
  using State = store::journal::ChainWatch::State;
  lower_priority();
  bool told = false;
  while (!stop.stop_requested()) {
    const auto looked = kept_.chain.step();
    if (!looked) warn("serve.journal_unchecked", looked.error());
    const auto verdict = kept_.chain.verdict();
    if (verdict.state == State::broken && !told) {
      base::log::error("serve.journal_broken",
                       {{"entry", verdict.broken_at.value_or(0)}, {"why", verdict.why.en}});
      told = true;
    }
    pause(stop, looked && *looked > 0 ? kBetween : kIdle);
  }
}

// The days that something happened on are counted anew, which takes a second for some hundred
// thousand documents of a day: at most a twentieth of the time is spent on it.
void Background::count_figures(const std::stop_token& stop) {
  constexpr milliseconds kLeast(5000);
  constexpr int kShare = 20;
  lower_priority();
  while (!stop.stop_requested()) {
    const auto start = std::chrono::steady_clock::now();
    const auto figures = site_.insight();
    if (!figures) warn("serve.figures_failed", figures.error());
    const auto followed = figures ? (*figures)->follow() : base::Result<std::int64_t>(0);
    // Another node that counts as well does the same.
    if (!followed && followed.error().reason() != "insight.moved")
      warn("serve.figures_failed", followed.error());
    const auto took =
        std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - start);
    pause(stop, std::max(kLeast, took * (kShare - 1)));
  }
}

void Background::sweep_uploads() {
  const auto uploads = site_.uploads();
  if (!uploads) return warn("serve.uploads_failed", uploads.error());
  const auto swept = (*uploads)->sweep();
  if (!swept) return warn("serve.uploads_failed", swept.error());
  uploads_swept_.add(*swept);
}

// Behind acceptance, through a database handle of its own: nobody waits for it. To read every
// document again costs half of what accepting it did, so a rush is waited out first.
void Background::index(const std::stop_token& stop) {
  constexpr std::chrono::minutes kBehindMax(5);
  constexpr milliseconds kRush(250), kIdle(500), kFailed(5000);
  const exchange::SearchOptions options = search_options(site_);
  lower_priority();
  GivingWay giving_way(*site_.database, kBehindMax);
  while (!stop.stop_requested()) {
    const auto found = site_.search();
    if (!found) {
      warn("serve.indexing_failed", found.error());
      pause(stop, kFailed);
      continue;
    }
    if (const auto waiting = exchange::entries_to_index(exchange_, **found)) to_index_ = *waiting;
    const auto now = std::chrono::steady_clock::now();
    if (giving_way.now(now)) {
      pause(stop, kRush);
      continue;
    }
    const auto done = exchange::index_accepted(exchange_, **found, options);
    if (!done) warn("serve.indexing_failed", done.error());
    if (done && *done == 0) giving_way.caught_up(now);
    if (!done || *done == 0) pause(stop, done ? kIdle : kFailed);
  }
}

void Background::expire(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const auto expired = exchange::expire(exchange_, deadlines_, kExpiryRound);
    if (!expired) warn("serve.expiry_failed", expired.error());
    if (expired) expired_.add(static_cast<std::uint64_t>(*expired));
    pause(stop, expired && *expired == kExpiryRound ? milliseconds(20) : milliseconds(1000));
  }
}

}  // namespace cli
