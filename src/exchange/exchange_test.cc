#include "exchange/exchange.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "exchange/testing/engines.h"

namespace exchange {
namespace {

using testing::kReceiver;
using testing::kSender;
using testing::Letter;

const store::Query kJournal{"test.journal", "select max(seq) from journal"};

class ExchangeTest : public testing::OnEngine {
 protected:
  Accepted send(const std::string& number, const std::string& priority = "0") {
    Letter letter;
    letter.number = number;
    letter.priority = priority;
    return site.send(letter);
  }
  // The documents in the order of the list.
  std::vector<std::string> order(const ListFilter& filter = {}) {
    std::vector<std::string> ids;
    for (const auto& item : site.pending(kReceiver, edxml::Kind::document, filter)) {
      ids.push_back(document_id_text(site.exchange().site(), item.document));
    }
    return ids;
  }
};
ON_BOTH_ENGINES(ExchangeTest);

using Ids = std::vector<std::string>;

TEST_P(ExchangeTest, AWholeJourneyOfADocument) {
  const std::string file = file_of(Letter{});
  const auto accepted = site.hand_in(kSender, file);
  ASSERT_TRUE(accepted);
  const auto waiting = site.pending(kReceiver);
  ASSERT_EQ(waiting.size(), 1u);
  EXPECT_EQ(waiting[0].transport, Transport::initial);
  EXPECT_EQ(*site.fetch(kReceiver, waiting[0].id), file);
  EXPECT_EQ(site.pending(kReceiver)[0].transport, Transport::processing);
  ASSERT_TRUE(site.acknowledge(kReceiver, waiting[0].id, "done"));
  EXPECT_TRUE(site.pending(kReceiver).empty());
  EXPECT_EQ(site.sent(kSender).at(0).state.transport, Transport::done);
  EXPECT_EQ(site.findings(), "");
}

TEST_P(ExchangeTest, UrgentFirstThenOldestFirst) {
  const std::string a = send("1").id, b = send("2", "3").id, c = send("3").id,
                    d = send("4", "1").id, e = send("5", "4").id, f = send("6", "3").id,
                    g = send("7", "5").id, h = send("8", "x").id;
  EXPECT_EQ(order(), (Ids{e, b, f, d, a, c, g, h}));
}

TEST_P(ExchangeTest, OldestFirstAlsoWhenTheClockGoesBack) {
  const std::string first = send("1").id;
  site.clock.advance(-std::chrono::hours(48));
  const std::string second = send("2").id;
  EXPECT_EQ(order(), (Ids{first, second}));
}

TEST_P(ExchangeTest, PagesCoverEverythingOnce) {
  Ids all;
  for (int i = 0; i < 7; ++i) all.push_back(send(std::to_string(i)).id);
  Ids paged;
  for (int page = 0; page < 4; ++page) {
    for (const auto& id : order({{}, {}, 2, page})) paged.push_back(id);
  }
  EXPECT_EQ(paged, all);
  EXPECT_TRUE(order({{}, {}, 2, 4}).empty());
  EXPECT_EQ(order({{}, {}, -5, -5}), all);
  EXPECT_EQ(order({{}, {}, 0, 9'000'000'000'000'000'000}), all);
}

TEST_P(ExchangeTest, DatesFilterByAcceptanceBothEndsIncluded) {
  const base::Time start = site.clock.now();
  const std::string first = send("1").id;
  site.clock.advance(std::chrono::hours(1));
  const std::string second = send("2").id;
  site.clock.advance(std::chrono::hours(1));
  const std::string third = send("3").id;
  const base::Time middle = start + std::chrono::hours(1);
  EXPECT_EQ(order({middle, {}, 0, 0}), (Ids{second, third}));
  EXPECT_EQ(order({{}, middle, 0, 0}), (Ids{first, second}));
  EXPECT_EQ(order({middle, middle, 0, 0}), Ids{second});
  EXPECT_TRUE(order({start + std::chrono::hours(9), {}, 0, 0}).empty());
}

TEST(ExchangeCap, AListNeverHasMoreThanThePolicySays) {
  Policy policy;
  policy.list_items_max = 3;
  testing::TestExchange site("", policy);
  site.add_usual_systems();
  for (int i = 0; i < 5; ++i) {
    Letter letter;
    letter.number = std::to_string(i);
    site.send(letter);
  }
  EXPECT_EQ(site.pending(kReceiver).size(), 3u);
  EXPECT_EQ(site.pending(kReceiver, edxml::Kind::document, {{}, {}, 1000, 0}).size(), 3u);
  EXPECT_EQ(site.pending(kReceiver, edxml::Kind::document, {{}, {}, 0, 1}).size(), 2u);
  EXPECT_EQ(site.sent(kSender).size(), 3u);
  EXPECT_EQ(*site.exchange().pending_count(site.key_of(kReceiver), edxml::Kind::document), 5);
}

TEST_P(ExchangeTest, AnItemStaysListedUntilItIsAcknowledged) {
  send("1");
  const std::string id = site.pending(kReceiver)[0].id;
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(site.fetch(kReceiver, id));
    ASSERT_TRUE(site.acknowledge(kReceiver, id, "processing"));
    EXPECT_EQ(site.pending(kReceiver).size(), 1u);
  }
  ASSERT_TRUE(site.acknowledge(kReceiver, id, "fail"));
  EXPECT_TRUE(site.pending(kReceiver).empty());
}

TEST_P(ExchangeTest, AcknowledgingAgainChangesNothingAndLeavesNoEntry) {
  send("1");
  const std::string id = site.pending(kReceiver)[0].id;
  ASSERT_TRUE(site.acknowledge(kReceiver, id, "done"));
  const auto entries = site.number(kJournal);
  ASSERT_TRUE(site.acknowledge(kReceiver, id, "done"));
  ASSERT_TRUE(site.acknowledge(kReceiver, id, "fail"));
  EXPECT_EQ(site.number(kJournal), entries);
  EXPECT_EQ(site.sent(kSender).at(0).state.transport, Transport::done);
}

TEST_P(ExchangeTest, TheDocumentsIdAcknowledgesEveryDeliveryToThatSystemOnly) {
  Letter letter;
  letter.to = {"G99", "H98", "H99.02"};
  const Accepted accepted = site.send(letter);
  ASSERT_TRUE(site.acknowledge(kReceiver, accepted.id, "done"));
  EXPECT_TRUE(site.pending(kReceiver).empty());
  EXPECT_EQ(site.pending(kSender).size(), 1u);
}

TEST_P(ExchangeTest, OneDeliveryOfTwoIsAcknowledgedByItsOwnId) {
  Letter letter;
  letter.to = {"G99", "H98"};
  site.send(letter);
  const auto waiting = site.pending(kReceiver);
  ASSERT_EQ(waiting.size(), 2u);
  ASSERT_TRUE(site.acknowledge(kReceiver, waiting[0].id, "done"));
  const auto left = site.pending(kReceiver);
  ASSERT_EQ(left.size(), 1u);
  EXPECT_EQ(left[0].id, waiting[1].id);
}

TEST_P(ExchangeTest, OnlyPartiesMayFetchOrAcknowledge) {
  const Accepted accepted = send("1");
  const std::string delivery = site.pending(kReceiver)[0].id;
  ASSERT_TRUE(site.directory().put_system("00.66.W00", "secret-of-stranger", {"S66"}));
  for (const std::string& id :
       {accepted.id, delivery, std::string("null"), std::string(), std::string(24, '0')}) {
    const auto fetched = site.fetch("00.66.W00", id);
    ASSERT_FALSE(fetched);
    EXPECT_EQ(fetched.error().reason(), "exchange.unknown_document");
    const auto acknowledged = site.acknowledge("00.66.W00", id, "done");
    ASSERT_FALSE(acknowledged);
    EXPECT_EQ(acknowledged.error().reason(), "exchange.unknown_document");
  }
  EXPECT_EQ(site.pending(kReceiver).size(), 1u);
  // The sender reads its own but cannot acknowledge for the recipient.
  EXPECT_TRUE(site.fetch(kSender, accepted.id));
  EXPECT_FALSE(site.acknowledge(kSender, accepted.id, "done"));
}

TEST_P(ExchangeTest, FetchingIsRepeatableAlsoAfterTheAcknowledgement) {
  const std::string file = file_of(Letter{});
  ASSERT_TRUE(site.hand_in(kSender, file));
  const std::string id = site.pending(kReceiver)[0].id;
  EXPECT_EQ(*site.fetch(kReceiver, id), file);
  const auto entries = site.number(kJournal);
  ASSERT_TRUE(site.acknowledge(kReceiver, id, "done"));
  EXPECT_EQ(*site.fetch(kReceiver, id), file);
  EXPECT_EQ(*site.fetch(kReceiver, id), file);
  EXPECT_EQ(site.number(kJournal), entries + 1);  // the acknowledgement; a fetch is journalled once
}

TEST_P(ExchangeTest, TheSendersFetchIsNotTheRecipients) {
  const Accepted accepted = send("1");
  ASSERT_TRUE(site.fetch(kSender, accepted.id));
  EXPECT_FALSE(site.sent(kSender).at(0).state.fetched);
}

// "Fetched" showed the time of the last change of any kind.
TEST_P(ExchangeTest, TheTimeOfTheFirstFetchStays) {
  send("1");
  const std::string id = site.pending(kReceiver)[0].id;
  EXPECT_FALSE(site.sent(kSender).at(0).fetched_at);
  site.clock.advance(std::chrono::minutes(5));
  const base::Time when = site.clock.now();
  ASSERT_TRUE(site.fetch(kReceiver, id));
  site.clock.advance(std::chrono::hours(2));
  ASSERT_TRUE(site.acknowledge(kReceiver, id, "done"));
  EXPECT_EQ(site.sent(kSender).at(0).fetched_at, when);
}

TEST_P(ExchangeTest, SentShowsNewestFirstOneItemForEachRecipient) {
  Letter letter;
  letter.to = {"G99", "H98"};
  const Accepted first = site.send(letter);
  const Accepted second = send("16");
  const auto items = site.sent(kSender);
  ASSERT_EQ(items.size(), 3u);
  EXPECT_EQ(items[0].document_id, second.id);
  EXPECT_EQ(items[1].document_id, first.id);
  EXPECT_EQ(items[2].document_id, first.id);
  EXPECT_EQ(items[1].code, "15/SGD-VP");
  EXPECT_EQ(items[1].subject, letter.subject);
  EXPECT_EQ(site.sent(kSender, first.id).size(), 2u);
  // An id that this system did not send is stale, and ignored.
  EXPECT_EQ(site.sent(kSender, "68ee1c50c2dcb14db773f484").size(), 3u);
  EXPECT_TRUE(site.sent(kReceiver).empty());
}

TEST_P(ExchangeTest, EverythingIsStillThereAfterARestart) {
  const std::string file = file_of(Letter{});
  const auto accepted = site.hand_in(kSender, file);
  ASSERT_TRUE(accepted);
  site.close();
  ASSERT_TRUE(site.open());
  EXPECT_EQ(*site.fetch(kReceiver, accepted->id), file);
  EXPECT_TRUE(site.hand_in(kSender, file)->resent);
  EXPECT_EQ(site.findings(), "");
}

TEST_P(ExchangeTest, LargeDocumentsComeBackByteForByte) {
  Letter letter;
  letter.content_bytes = 3'000'001;
  const std::string file = file_of(letter);
  const auto accepted = site.hand_in(kSender, file);
  ASSERT_TRUE(accepted);
  const auto fetched = site.fetch(kReceiver, accepted->id);
  ASSERT_TRUE(fetched);
  EXPECT_TRUE(*fetched == file);
}

TEST_P(ExchangeTest, ManySendersAtOnceLoseNothing) {
  constexpr int kThreads = 6, kEach = 15;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        Letter letter;
        letter.number = std::to_string(t * 100 + i);
        EXPECT_TRUE(site.hand_in(kSender, file_of(letter)));
      }
    });
  }
  for (auto& thread : threads) thread.join();
  std::set<std::string> ids;
  for (const auto& item : site.pending(kReceiver)) ids.insert(item.id);
  EXPECT_EQ(ids.size(), static_cast<std::size_t>(kThreads * kEach));
  EXPECT_EQ(site.findings(), "");
}

TEST_P(ExchangeTest, TheSameFileFromManyConnectionsAtOnceIsOneDocument) {
  const std::string file = file_of(Letter{});
  std::vector<std::thread> threads;
  std::vector<std::string> ids(8);
  for (std::size_t t = 0; t < ids.size(); ++t) {
    threads.emplace_back([&, t] {
      const auto accepted = site.hand_in(kSender, file);
      if (accepted) ids[t] = accepted->id;
    });
  }
  for (auto& thread : threads) thread.join();
  for (const std::string& id : ids) EXPECT_EQ(id, ids[0]);
  EXPECT_EQ(site.pending(kReceiver).size(), 1u);
}

}  // namespace
}  // namespace exchange
