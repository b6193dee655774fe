// The figures against a slow and plain reckoning of the same records, on both engines.
#include "insight/rollup.h"

#include <algorithm>
#include <map>

#include "exchange/testing/engines.h"
#include "exchange/testing/staff.h"
#include "insight/lists.h"
#include "insight/measures.h"
#include "insight/testing/busy_exchange.h"

namespace insight {
namespace {

using exchange::SentItem;
using exchange::testing::kReceiver;
using exchange::testing::kSender;

class InsightRollup : public exchange::testing::OnEngine {
 protected:
  InsightRollup() {
    site.clock.set(testing::monday());
    rollup = Rollup::open(site.exchange()).value();
  }
  Summary of(const Scope& scope) {
    const std::int64_t day = day_of(testing::monday());
    return summary(*rollup, scope, {day, day + 60}, site.clock.now()).value();
  }
  static std::int64_t value(const std::vector<Figure>& figures, std::string_view id) {
    for (const Figure& one : figures)
      if (one.id == id) return one.value.value_or(-1);
    ADD_FAILURE() << "no figure " << id;
    return -1;
  }
  // Every delivery as the sender's own list has it.
  std::vector<SentItem> all() {
    std::vector<SentItem> items;
    exchange::ListFilter filter;
    filter.page_size = 100;
    for (;; ++filter.page_index) {
      auto page =
          site.exchange().sent(site.key_of(kSender), "", edxml::Kind::document, filter).value();
      items.insert(items.end(), page.begin(), page.end());
      if (page.size() < 100) return items;
    }
  }
  std::int64_t count_list(ListQuery query) {
    query.period = {day_of(testing::monday()), day_of(testing::monday()) + 60};
    std::int64_t count = 0;
    exchange::DeliveryKey after = 0;
    do {
      const auto page = deliveries(site.exchange(), query, after, 7, site.clock.now()).value();
      count += static_cast<std::int64_t>(page.items.size());
      after = page.next;
    } while (after != 0);
    return count;
  }
  std::unique_ptr<Rollup> rollup;
};
ON_BOTH_ENGINES(InsightRollup);

// What a patient clerk would find: one case after the other, product by product.
struct Case {
  std::int64_t seconds = 0;
  bool happened = false;
};
std::optional<std::int64_t> plain_percentile(std::vector<Case> cases, double share) {
  double left = 1;
  for (std::size_t place = 0;; ++place) {
    const std::int64_t end = last_second_of(place);
    const std::int64_t begin = place == 0 ? 0 : last_second_of(place - 1) + 1;
    std::int64_t awaited = 0, happened = 0;
    bool later = false;
    for (const Case& one : cases) {
      if (one.seconds >= begin) ++awaited;
      if (one.seconds >= begin && one.seconds <= end && one.happened) ++happened;
      later = later || one.seconds > end;
    }
    if (awaited > 0) left *= 1 - static_cast<double>(happened) / static_cast<double>(awaited);
    if (awaited > 0 && left <= 1 - share + 1e-9) return end;
    if (!later) return std::nullopt;
  }
}

std::int64_t seconds(base::Duration duration) {
  return std::max<std::int64_t>(0, duration.count() / 1'000'000);
}

struct Plain {
  std::int64_t deliveries = 0, urgent = 0, unarrived = 0, late_now = 0, answered_late = 0;
  std::map<std::string_view, std::int64_t> stages;
  std::vector<Case> arrival, answer;
};

Plain reckon(const std::vector<SentItem>& items, base::Time now,
             const std::function<bool(const SentItem&)>& belongs) {
  Plain plain;
  for (const SentItem& one : items) {
    if (!belongs(one)) continue;
    ++plain.deliveries;
    const exchange::DeliveryState& state = one.state;
    const bool gone = state.transport == exchange::Transport::withdrawn;
    // The receipt clock stops at the first word, or when the copy is taken back.
    const bool spoke = one.receipt.stopped && !(gone && state.status_code.empty());
    std::optional<base::Time> answered =
        spoke && !(gone && one.receipt.stopped == one.updated_at && state.status_code == "15")
            ? one.receipt.stopped
            : std::nullopt;
    std::optional<base::Time> arrived = one.fetched_at;
    if (answered && (!arrived || *answered < *arrived)) arrived = answered;
    std::string_view stage = arrived ? "arrived" : "waiting";
    if (state.status_code == "03") stage = "received";
    if (state.status_code == "04") stage = "assigned";
    if (state.status_code == "05") stage = "processing";
    if (state.status_code == "06") stage = "completed";
    if (state.status_code == "02" || state.transport == exchange::Transport::fail)
      stage = "refused";
    if (state.recall == exchange::Recall::agreed || state.status_code == "15") stage = "recovered";
    ++plain.stages[stage];
    const auto minute = std::chrono::ceil<std::chrono::minutes>(one.sent_at + base::Duration(1));
    const std::int64_t age = seconds(now - minute);
    const std::int64_t ended = seconds(one.updated_at - one.sent_at);
    if (arrived) {
      plain.arrival.push_back({seconds(*arrived - one.sent_at), true});
    } else {
      plain.arrival.push_back({gone ? ended : age, false});
      if (!gone) ++plain.unarrived;
    }
    if (answered) {
      plain.answer.push_back({seconds(*answered - one.sent_at), true});
      if (one.receipt.due && *answered > *one.receipt.due) ++plain.answered_late;
    } else {
      plain.answer.push_back({gone ? ended : age, false});
      if (!gone && one.receipt.late(now)) ++plain.late_now;
    }
  }
  return plain;
}

TEST_P(InsightRollup, SaysWhatAPlainReckoningOfTheRecordsSays) {
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    testing::Busy busy(site, seed);
    for (int round = 0; round < 3; ++round) {
      busy.work(60);
      while (rollup->follow().value() > 0) {
      }
      const base::Time now = site.clock.now();
      const auto items = all();
      const auto check = [&](const Scope& scope,
                             const std::function<bool(const SentItem&)>& belongs) {
        SCOPED_TRACE("seed " + std::to_string(seed) + ", round " + std::to_string(round));
        const Plain plain = reckon(items, now, belongs);
        const Summary counted = of(scope);
        EXPECT_EQ(counted.as_of, now);
        EXPECT_EQ(value(volumes(counted), "deliveries"), plain.deliveries);
        const auto stages = funnel(counted);
        for (std::size_t i = 0; i < kStages; ++i) {
          const auto stage = static_cast<Stage>(i);
          const auto found = plain.stages.find(name_of(stage));
          const std::int64_t wanted = found == plain.stages.end() ? 0 : found->second;
          EXPECT_EQ(value(stages, "stage." + std::string(name_of(stage))), wanted)
              << name_of(stage);
          ListQuery query;
          query.scope = scope;
          query.stage = stage;
          EXPECT_EQ(count_list(query), wanted) << "the list of " << name_of(stage);
        }
        const auto figures = times(counted);
        for (const auto& [id, share] : {std::pair{"arrival.p50", 0.5},
                                        {"arrival.p90", 0.9},
                                        {"arrival.p95", 0.95},
                                        {"arrival.p99", 0.99}})
          EXPECT_EQ(value(figures, id), plain_percentile(plain.arrival, share).value_or(-1)) << id;
        for (const auto& [id, share] : {std::pair{"answer.p50", 0.5}, {"answer.p95", 0.95}})
          EXPECT_EQ(value(figures, id), plain_percentile(plain.answer, share).value_or(-1)) << id;
        EXPECT_EQ(value(figures, "arrival.open"), plain.unarrived);
        const auto late = lateness(counted);
        EXPECT_EQ(value(late, "late.now"), plain.late_now);
        EXPECT_EQ(value(late, "late.answered"), plain.answered_late);
        ListQuery query;
        query.scope = scope;
        query.late = Late::now;
        EXPECT_EQ(count_list(query), plain.late_now);
        query.late = Late::answered;
        EXPECT_EQ(count_list(query), plain.answered_late);
      };
      check({true, {}, Direction::received}, [](const SentItem&) { return true; });
      const auto g99 = site.directory().find("G99")->key, h98 = site.directory().find("H98")->key,
                 sender = site.directory().find("H99.02")->key;
      check({false, {g99}, Direction::received},
            [&](const SentItem& one) { return one.recipient == g99; });
      check({false, {std::min(g99, h98), std::max(g99, h98)}, Direction::received},
            [&](const SentItem& one) { return one.recipient == g99 || one.recipient == h98; });
      check({false, {sender}, Direction::sent},
            [&](const SentItem& one) { return one.sender == sender; });
      // Each in the ranking as by itself.
      base::Time as_of;
      const std::int64_t day = day_of(testing::monday());
      for (const Direction direction : {Direction::received, Direction::sent}) {
        const auto ranked =
            standings(*rollup, {true, {}}, direction, {day, day + 60}, site.clock.now(), as_of)
                .value();
        for (const Standing& one : ranked) {
          const Summary own = of({false, {one.organisation}, direction});
          EXPECT_EQ(one.deliveries, own.cell.deliveries);
          EXPECT_EQ(one.documents, own.cell.documents);
          EXPECT_EQ(one.answered_late, own.cell.answered_late);
          EXPECT_EQ(one.answered, sum_of(own.cell.answer));
          EXPECT_EQ(one.late_now, late_now(own.cell, own.as_of));
          EXPECT_EQ(one.unarrived, value(times(own), "arrival.open"));
        }
      }
      // As the exchange itself counts what is late.
      EXPECT_EQ(value(lateness(of({true, {}, Direction::received})), "late.now"),
                site.exchange().late(0)->total);
    }
  }
}

TEST_P(InsightRollup, RebuildingGivesTheSameBytes) {
  testing::Busy busy(site, 7);
  for (int round = 0; round < 4; ++round) {
    busy.work(50);
    rollup->follow().value();
  }
  const std::string followed = rollup->digest().value();
  const auto rebuilt = rollup->rebuild().value();
  EXPECT_EQ(rebuilt.digest, followed);
  EXPECT_EQ(rebuilt.changed, 0);
  EXPECT_GT(rebuilt.days, 1);
  // A count that somebody meddled with is set right, and so is one that is damaged or gone.
  site.tamper(GetParam() == "sqlite" ? "update insight_cell set cell = x'00'"
                                     : "update insight_cell set cell = '\\x00'");
  EXPECT_EQ(summary(*rollup, {true, {}, Direction::received}, {0, 100'000}, site.clock.now())
                .error()
                .reason(),
            "insight.cell_damaged");
  EXPECT_EQ(rollup->rebuild()->digest, followed);
  site.tamper("delete from insight_cell where organisation = 0");
  EXPECT_GT(rollup->rebuild()->changed, 0);
  EXPECT_EQ(rollup->digest().value(), followed);
}

// Journal and records are as after a restore: the counts know entries that never were.
TEST_P(InsightRollup, RecordsOfAnOlderBackupAreCountedAnew) {
  testing::Busy busy(site, 8);
  busy.work(30);
  rollup->follow().value();
  const std::string right = rollup->digest().value();
  site.tamper("update insight_state set position = 1000000");
  site.tamper("delete from insight_cell where organisation = 0");
  rollup->follow().value();
  EXPECT_EQ(rollup->digest().value(), right);
}

// A system that is connected later starts the clocks of what waits: those days are counted anew.
TEST_P(InsightRollup, ConnectingARecipientEndsThePause) {
  exchange::testing::Letter letter;
  letter.to = {"K97"};
  site.send(letter);
  rollup->follow().value();
  EXPECT_EQ(value(lateness(of({true, {}, Direction::received})), "late.paused"), 1);
  site.clock.advance(std::chrono::hours(48));
  ASSERT_TRUE(site.directory().put_system("00.97.W00", "secret-of-97", {"K97"}).ok());
  rollup->follow().value();
  const Summary now = of({true, {}, Direction::received});
  EXPECT_EQ(value(lateness(now), "late.paused"), 0);
  ASSERT_EQ(forecast(now).size(), 1u);
  EXPECT_EQ(forecast(now)[0].waiting, 1);
}

// It said "not connected", and that somebody should connect a system, while its clerk had the
// document before her.
TEST_P(InsightRollup, WhatIsStuckAtPeopleIsNotWithoutASystem) {
  employ(site, "Hoa", "K97", identity::Role::clerk);
  exchange::testing::Letter letter;
  letter.to = {"K97"};
  site.send(letter);
  site.clock.advance(std::chrono::hours(30));
  rollup->follow().value();
  const base::Time now = site.clock.now();
  const auto page = stuck(*rollup, {true, {}, Direction::received}, now, 0, 10, now).value();
  ASSERT_EQ(page.items.size(), 1u);
  const exchange::Waiting& waiting = page.items[0].waiting;
  EXPECT_EQ(waiting.why, "not_fetched");
  EXPECT_TRUE(waiting.by_hand);
  ASSERT_TRUE(waiting.until.has_value());
  EXPECT_LT(*waiting.until, now);
  EXPECT_NE(waiting.text.en.find("people of K97"), std::string::npos) << waiting.text.en;
}

TEST_P(InsightRollup, WhatIsStuckSaysSinceWhenAndWhoCanAct) {
  exchange::testing::Letter letter;
  letter.to = {"G99", "K97"};
  const std::string id = site.send(letter).id;
  const base::Time sent = site.clock.now();
  site.clock.advance(std::chrono::hours(30));
  rollup->follow().value();
  const Scope all{true, {}, Direction::received};
  auto page = stuck(*rollup, all, site.clock.now(), 0, 10, site.clock.now()).value();
  ASSERT_EQ(page.items.size(), 2u);
  EXPECT_EQ(page.items[0].waiting.why, "not_fetched");
  EXPECT_EQ(page.items[0].waiting.since, sent);
  EXPECT_EQ(page.items[0].waiting.organisation, "G99");
  EXPECT_EQ(page.items[0].waiting.system, kReceiver);
  EXPECT_EQ(page.items[1].waiting.why, "not_connected");
  EXPECT_EQ(page.next, 0);
  // One at a time, and only one's own.
  page = stuck(*rollup, all, site.clock.now(), 0, 1, site.clock.now()).value();
  ASSERT_EQ(page.items.size(), 1u);
  page = stuck(*rollup, all, site.clock.now(), page.next, 1, site.clock.now()).value();
  ASSERT_EQ(page.items.size(), 1u);
  EXPECT_EQ(page.items[0].waiting.why, "not_connected");
  for (const char* code : {"G99", "K97", "H98"}) {
    const Scope own{false, {site.directory().find(code)->key}, Direction::received};
    EXPECT_EQ(stuck(*rollup, own, site.clock.now(), 0, 10, site.clock.now())->items.size(),
              std::string(code) == "H98" ? 0u : 1u);
  }
  const Scope senders{false, {site.directory().find("H99.01")->key}, Direction::sent};
  EXPECT_EQ(stuck(*rollup, senders, site.clock.now(), 0, 10, site.clock.now())->items.size(), 2u);
  // Nothing waits since before it was sent.
  EXPECT_TRUE(stuck(*rollup, all, sent, 0, 10, site.clock.now())->items.empty());
  // Fetched and acknowledged: only the one that nobody serves is left; asked back: it waits again.
  ASSERT_TRUE(site.fetch(kReceiver, id).ok());
  ASSERT_TRUE(site.acknowledge(kReceiver, id, "done").ok());
  rollup->follow().value();
  EXPECT_EQ(stuck(*rollup, all, site.clock.now(), 0, 10, site.clock.now())->items.size(), 1u);
  ASSERT_TRUE(site.send(kSender, exchange::testing::recall_of(letter, "G99")).ok());
  site.clock.advance(std::chrono::minutes(1));
  page = stuck(*rollup, all, site.clock.now(), 0, 10, site.clock.now()).value();
  ASSERT_EQ(page.items.size(), 2u);
  EXPECT_EQ(page.items[0].waiting.why, "recall_not_answered");
}

}  // namespace
}  // namespace insight
