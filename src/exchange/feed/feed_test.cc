#include "exchange/feed/feed.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <set>
#include <thread>

#include "exchange/testing/engines.h"
#include "store/journal.h"

namespace exchange::feed {
namespace {

using namespace std::chrono_literals;
using testing::kReceiver;
using testing::kSender;
using testing::Letter;
using Types = std::vector<std::string>;

Letter letter(int number, const std::vector<std::string>& to = {"G99"}) {
  Letter letter;
  letter.number = std::to_string(number);
  letter.to = to;
  return letter;
}

class FeedTest : public testing::OnEngine {
 protected:
  FeedTest() { feed_.emplace(site.exchange(), Feed::Options()); }
  OrganisationKey key(const std::string& code) { return site.directory().find(code)->key; }
  void follow() {
    while (feed_->follow().value() > 0) {
    }
  }
  Page read(const std::vector<std::string>& codes, const std::string& cursor,
            std::size_t most = 100) {
    std::vector<OrganisationKey> keys;
    for (const auto& code : codes) keys.push_back(key(code));
    return feed_->read(keys, cursor, most).value();
  }
  std::string from(std::string_view where) { return feed_->start_from(where).value(); }
  static Types types(const Page& page) {
    Types out;
    for (const auto& event : page.events) out.emplace_back(event->type);
    return out;
  }
  void reopen() {
    feed_.reset();
    site.close();
    ASSERT_TRUE(site.open().ok());
    feed_.emplace(site.exchange(), Feed::Options());
  }
  std::optional<Feed> feed_;
};
ON_BOTH_ENGINES(FeedTest);

TEST_P(FeedTest, TellsEachSideWhatConcernsIt) {
  follow();
  const std::string start = from("now");
  const Accepted sent = site.send(letter(15));
  const std::string delivery = site.pending(kReceiver).at(0).id;
  ASSERT_TRUE(site.fetch(kReceiver, delivery).ok());
  ASSERT_TRUE(site.acknowledge(kReceiver, delivery, "done").ok());
  ASSERT_TRUE(site.send(kReceiver, testing::report_on(letter(15), "G99", "03")).ok());
  ASSERT_TRUE(site.send(kSender, testing::recall_of(letter(15), "G99")).ok());
  ASSERT_TRUE(site.send(kReceiver, testing::report_on(letter(15), "G99", "16")).ok());
  follow();
  const Page sender = read({"H99.01"}, start);
  EXPECT_EQ(types(sender), (Types{"document.accepted", "delivery.fetched", "delivery.acknowledged",
                                  "status.received", "recall.requested", "recall.answered"}));
  const Page recipient = read({"G99"}, start);
  EXPECT_EQ(types(recipient),
            (Types{"delivery.available", "delivery.fetched", "delivery.acknowledged",
                   "status.received", "recall.requested", "recall.answered"}));
  EXPECT_EQ(types(read({"H98"}, start)), Types{});
  // Both sides of one thing are one event.
  EXPECT_EQ(read({"H99.01", "G99"}, start).events.size(), 7u);
  const base::Json json = to_json(site.exchange().site(), *recipient.events.at(0));
  EXPECT_EQ(json["specversion"].text(), "1.0");
  EXPECT_EQ(json["type"].text(), "delivery.available");
  EXPECT_EQ(json["subject"].text(), delivery);
  EXPECT_EQ(json["data"]["document"].text(), sent.id);
  EXPECT_EQ(json["data"]["sender"].text(), "H99.01");
  EXPECT_EQ(json["data"]["recipient"].text(), "G99");
  EXPECT_EQ(recipient.events.at(5)->data["agreed"].boolean(true), false);
  EXPECT_FALSE(json.dump().find("V/v thử") != std::string::npos) << "a subject line left the site";
}

TEST_P(FeedTest, AnUnfetchedCopyThatIsTakenBackIsRecalledAtOnce) {
  follow();
  const std::string start = from("now");
  site.send(letter(15, {"G99", "H98"}));
  ASSERT_TRUE(site.send(kSender, testing::recall_of(letter(15), "H98")).ok());
  follow();
  EXPECT_EQ(types(read({"H98"}, start)), (Types{"delivery.available", "document.recalled"}));
  EXPECT_EQ(types(read({"G99"}, start)), Types{"delivery.available"});
  // The exchange's own answer 15 reaches the sender as any status does.
  EXPECT_EQ(types(read({"H99.01"}, start)),
            (Types{"document.accepted", "status.received", "document.recalled"}));
}

// Whatever page size, whichever way events are read (memory or records), across restarts.
TEST_P(FeedTest, ACursorNeitherLosesNorRepeats) {
  follow();
  std::string cursor = from("now");
  const std::string start = cursor;
  std::vector<std::string> seen;
  for (int round = 0; round < 12; ++round) {
    for (int i = 0; i < 3; ++i) site.send(letter(100 + 3 * round + i, {"G99", "H98"}));
    if (round % 4 != 3) follow();
    if (round % 5 == 4) reopen();
    const Page page = read({"G99", "H98", "H99.01"}, cursor, 1 + static_cast<std::size_t>(round));
    EXPECT_LE(page.events.size(), 1u + static_cast<std::size_t>(round));
    for (const auto& event : page.events) seen.push_back(event_id(0, event->at));
    cursor = page.next;
  }
  follow();
  for (bool more = true; more;) {
    const Page page = read({"G99", "H98", "H99.01"}, cursor, 7);
    for (const auto& event : page.events) seen.push_back(event_id(0, event->at));
    cursor = page.next;
    more = page.more;
  }
  EXPECT_EQ(seen.size(), 36u * 3);
  EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), seen.size());
  std::vector<std::string> whole;
  for (const auto& event : read({"G99", "H98", "H99.01"}, start, 1000).events) {
    whole.push_back(event_id(0, event->at));
  }
  EXPECT_EQ(seen, whole);
}

TEST_P(FeedTest, NothingIsKeptInMemoryWhileNobodyReads) {
  follow();
  site.send(letter(1));
  follow();
  EXPECT_FALSE(feed_->hub().wanted());
  EXPECT_EQ(feed_->hub().events(), 0u);
  std::string cursor = from("beginning");
  const Page first = read({"G99"}, cursor);
  EXPECT_EQ(types(first), Types{"delivery.available"});
  EXPECT_TRUE(feed_->hub().wanted());
  site.send(letter(2));
  follow();
  EXPECT_EQ(feed_->hub().events(), 2u);
  EXPECT_EQ(types(read({"G99"}, first.next)), Types{"delivery.available"});
  EXPECT_EQ(types(read({"G99"}, cursor)), (Types{"delivery.available", "delivery.available"}));
}

TEST_P(FeedTest, MemoryAndRecordsTellTheSame) {
  follow();
  const std::string start = from("now");
  for (int i = 0; i < 5; ++i) site.send(letter(i, {"G99", "H98", "K97"}));
  ASSERT_TRUE(site.fetch(kReceiver, site.pending(kReceiver).at(0).id).ok());
  follow();
  const Page memory = read({"G99", "H99.01"}, start);
  reopen();
  follow();
  const Page records = read({"G99", "H99.01"}, start);
  ASSERT_EQ(memory.events.size(), records.events.size());
  EXPECT_EQ(memory.next, records.next);
  for (std::size_t i = 0; i < memory.events.size(); ++i) {
    EXPECT_EQ(to_json(1, *memory.events[i]).dump(), to_json(1, *records.events[i]).dump());
  }
}

TEST_P(FeedTest, CursorsAreCheckedAndEndWithTheRetention) {
  follow();
  const std::string old = from("now");
  for (const std::string& bad : {std::string("x"), std::string(42, '0'), old.substr(1) + "0",
                                 Cursor{5, 0}.text(site.exchange().site() + 1)}) {
    const auto page = feed_->read({key("G99")}, bad, 10);
    ASSERT_FALSE(page.ok()) << bad;
    EXPECT_EQ(page.error().reason(), "exchange.bad_cursor");
  }
  site.send(letter(1));
  follow();
  site.clock.advance(20 * 24h);
  const std::string middle = from("now");
  site.send(letter(2));
  follow();
  site.clock.advance(11 * 24h);
  EXPECT_EQ(feed_->prune().value(), 2);  // of the sender and the recipient of the first
  EXPECT_EQ(feed_->prune().value(), 0);
  reopen();
  follow();
  const auto expired = feed_->read({key("G99")}, old, 10);
  ASSERT_FALSE(expired.ok());
  EXPECT_EQ(expired.error().reason(), "exchange.cursor_expired");
  EXPECT_EQ(types(read({"G99"}, middle)), Types{"delivery.available"});
  EXPECT_EQ(types(read({"G99"}, from("beginning"))), Types{"delivery.available"});
  const auto ahead = Cursor{1'000'000, 0}.text(site.exchange().site());
  EXPECT_EQ(feed_->read({key("G99")}, ahead, 10).error().reason(), "exchange.cursor_expired");
}

TEST_P(FeedTest, StartsAtATime) {
  site.send(letter(1));
  site.clock.advance(1h);
  const base::Time between = site.clock.now();
  site.clock.advance(1h);
  site.send(letter(2));
  follow();
  EXPECT_EQ(read({"G99"}, from("beginning")).events.size(), 2u);
  EXPECT_EQ(read({"G99"}, from(base::iso_time_text(between))).events.size(), 1u);
  EXPECT_EQ(read({"G99"}, from("2039-01-01T00:00:00Z")).events.size(), 0u);
  EXPECT_EQ(feed_->start_from("yesterday").error().reason(), "exchange.bad_start");
}

TEST_P(FeedTest, WakesOnlyWhomItConcernsAndAfterTheCommit) {
  follow();
  std::string cursor = from("now");
  int woken = 0, others = 0;
  std::size_t readable = 0;
  const auto one = feed_->hub().listen({key("G99")}, [&] {
    ++woken;
    readable = read({"G99"}, cursor).events.size();
  });
  auto other = feed_->hub().listen({key("H98")}, [&] { ++others; });
  site.send(letter(1));
  EXPECT_EQ(woken, 0);
  follow();
  EXPECT_EQ(woken, 1);
  EXPECT_EQ(readable, 1u);
  EXPECT_EQ(others, 0);
  other.reset();
  site.send(letter(2, {"H98"}));
  follow();
  EXPECT_EQ(others, 0);
  EXPECT_EQ(feed_->hub().listeners(), 1u);
}

// Two nodes of one database: what the one has noted, the other tells too, and nothing twice.
TEST_P(FeedTest, SeveralNodesNoteEachEntryOnce) {
  Feed other(site.exchange(), Feed::Options());
  ASSERT_TRUE(other.follow().ok());
  follow();
  std::atomic<int> woken = 0;
  const auto listener = other.hub().listen({key("G99")}, [&] { ++woken; });
  const std::string start = from("now");
  for (int i = 0; i < 20; ++i) {
    site.send(letter(i));
    std::thread beside([&] { EXPECT_TRUE(other.follow().ok()); });
    follow();
    beside.join();
  }
  ASSERT_TRUE(other.follow().ok());
  EXPECT_EQ(read({"G99"}, start).events.size(), 20u);
  EXPECT_EQ(other.read({key("G99")}, start, 100)->events.size(), 20u);
  EXPECT_GT(woken.load(), 0);
  Feed third(site.exchange(), Feed::Options());  // from the records
  EXPECT_EQ(third.read({key("G99")}, start, 100)->events.size(), 20u);
}

// The claim on which every cursor rests: two processes that write at once (two connections, as two
// nodes have) never let a reader see an entry before the one below it.
TEST_P(FeedTest, NoReaderSeesAGapInTheJournal) {
  static const store::Query kGap{"test.journal_gap", "select max(seq) - count(*) from journal"};
  store::Database::Options options;
  options.url = site.url();
  const auto second = store::Database::open(options);
  ASSERT_TRUE(second.ok());
  std::atomic<bool> stop = false;
  std::atomic<int> failed = 0;
  const auto write = [&](store::Database& database) {
    for (int i = 0; i < 150; ++i) {
      const auto done = database.write([&](store::Connection& connection) {
        return store::journal::append(connection, site.clock.now(), "test", "t", {});
      });
      if (!done) ++failed;
    }
  };
  std::thread a([&] { write(site.database()); });
  std::thread b([&] { write(**second); });
  std::thread reader([&] {
    while (!stop) {
      if (site.number(kGap) != 0) ++failed;
    }
  });
  a.join();
  b.join();
  stop = true;
  reader.join();
  EXPECT_EQ(failed.load(), 0);
}

// Killed anywhere between noting and telling, again and again: every event once.
TEST_P(FeedTest, SurvivesBeingKilled) {
  follow();
  const std::string start = from("now");
  for (int i = 0; i < 60; ++i) site.send(letter(i));
  const std::string url = site.url();
  feed_.reset();
  site.close();
  for (int delay = 2000; delay < 60000; delay += 6000) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      if (!site.open().ok()) ::_exit(3);
      Feed feed(site.exchange(), Feed::Options());
      for (;;) {
        if (!feed.follow(3).ok()) ::_exit(4);
      }
    }
    ::usleep(static_cast<useconds_t>(delay));
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status)) << WEXITSTATUS(status);
  }
  ASSERT_TRUE(site.open().ok());
  feed_.emplace(site.exchange(), Feed::Options());
  follow();
  feed_.emplace(site.exchange(), Feed::Options());  // reads the records, not its memory
  const Page page = read({"G99"}, start, 1000);
  std::set<std::string> subjects;
  for (const auto& event : page.events) subjects.insert(event->subject);
  EXPECT_EQ(page.events.size(), 60u);
  EXPECT_EQ(subjects.size(), 60u);
}

// A broadcast and a page smaller than its events.
TEST_P(FeedTest, OneEntryIsReadInSeveralPages) {
  follow();
  std::string cursor = from("now");
  site.send(letter(1, {"G99", "H98", "K97", "H99.02"}));
  follow();
  const std::vector<std::string> all = {"G99", "H98", "K97", "H99.01", "H99.02"};
  Types seen;
  for (const bool memory : {true, false}) {
    std::string at = cursor;
    seen.clear();
    if (!memory) reopen();
    for (int i = 0; i < 5; ++i) {
      const Page page = read(all, at, 1);
      for (const auto& event : page.events) seen.push_back(event->subject);
      EXPECT_EQ(page.more, i < 4);
      at = page.next;
    }
    EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), 5u);
  }
}

TEST(FeedHub, ForgetsTheOldestAndKnowsWhatItForgot) {
  Hub hub(4);
  hub.begin_at(10);
  const auto event = [](std::int64_t seq, OrganisationKey key) {
    Event made;
    made.at = {seq, 0};
    made.type = "delivery.available";
    made.concerned = {key};
    return std::make_shared<const Event>(std::move(made));
  };
  for (std::int64_t seq = 11; seq <= 20; ++seq) hub.publish({event(seq, seq % 2)}, seq);
  EXPECT_EQ(hub.events(), 4u);
  const Cursor begin{10, Cursor::kWholeEntry};
  EXPECT_FALSE(hub.recent({0}, begin, 10).has_value());
  EXPECT_TRUE(hub.recent({7}, begin, 10).has_value());  // nothing of it was ever forgotten
  const auto recent = hub.recent({0, 1}, {16, Cursor::kWholeEntry}, 10);
  ASSERT_TRUE(recent.has_value());
  EXPECT_EQ(recent->events.size(), 4u);
  EXPECT_EQ(recent->next, (Cursor{20, Cursor::kWholeEntry}));
  EXPECT_FALSE(hub.recent({0}, {21, 0}, 10).has_value());  // another node is further
}

}  // namespace
}  // namespace exchange::feed
