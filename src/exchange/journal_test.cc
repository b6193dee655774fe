#include "store/journal.h"

#include <gtest/gtest.h>

#include "exchange/testing/engines.h"

namespace exchange {
namespace {

using testing::kSender;
using testing::Letter;

class JournalTest : public testing::OnEngine {
 protected:
  base::Result<void> append(std::string_view subject) {
    return site.database().write([&](store::Connection& connection) {
      base::Json body;
      body.add("note", "Thử nhật ký");
      return store::journal::append(connection, site.clock.now(), "test", subject, body);
    });
  }
  store::journal::Verdict verdict(std::int64_t from = 1,
                                  std::vector<store::journal::Entry>* entries = nullptr) {
    store::journal::Verdict out;
    const auto done =
        site.database().read([&](store::Connection& connection) -> base::Result<void> {
          out =
              TRY(store::journal::verify(connection, from, [&](const store::journal::Entry& entry) {
                if (entries != nullptr) entries->push_back(entry);
              }));
          return base::done();
        });
    EXPECT_TRUE(done);
    return out;
  }
  void fill(int count) {
    for (int i = 0; i < count; ++i) ASSERT_TRUE(append("mục " + std::to_string(i)));
  }
};
ON_BOTH_ENGINES(JournalTest);

TEST_P(JournalTest, EntriesAreChainedAndNumberedWithoutGaps) {
  fill(5);
  std::vector<store::journal::Entry> entries;
  const auto whole = verdict(1, &entries);
  EXPECT_FALSE(whole.broken_at);
  EXPECT_EQ(whole.entries, static_cast<std::int64_t>(entries.size()));
  ASSERT_GE(entries.size(), 5u);
  EXPECT_TRUE(entries[0].previous.empty());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    EXPECT_EQ(entries[i].seq, static_cast<std::int64_t>(i) + 1);
    EXPECT_EQ(entries[i].hash, store::journal::entry_hash(entries[i]));
    if (i > 0) {
      EXPECT_EQ(entries[i].previous, entries[i - 1].hash);
    }
  }
  EXPECT_EQ(whole.head, entries.back().hash);
}

TEST(JournalHash, EveryFieldAndItsLengthCounts) {
  const store::journal::Entry entry{7,    base::from_micros(1), "accepted", "id",
                                    "{}", "previous",           {}};
  const auto differs = [&](const std::function<void(store::journal::Entry&)>& change) {
    store::journal::Entry other = entry;
    change(other);
    EXPECT_NE(store::journal::entry_hash(other), store::journal::entry_hash(entry));
  };
  differs([](auto& e) { e.seq = 8; });
  differs([](auto& e) { e.at += std::chrono::microseconds(1); });
  differs([](auto& e) { e.kind = "fetched"; });
  differs([](auto& e) { e.subject = "ie"; });
  differs([](auto& e) { e.body = "{ }"; });
  differs([](auto& e) { e.previous = "prevIous"; });
  // A byte moved from one field to the next.
  differs([](auto& e) {
    e.kind = "accepte";
    e.subject = "did";
  });
}

TEST_P(JournalTest, TamperingWithAnyFieldIsFoundAndNamed) {
  fill(6);
  const std::pair<const char*, const char*> changes[] = {
      {"update journal set at = at + 1 where seq = 7",
       "update journal set at = at - 1 where seq = 7"},
      {"update journal set kind = 'tesT' where seq = 7",
       "update journal set kind = 'test' where seq = 7"},
      {"update journal set subject = subject || 'x' where seq = 7",
       "update journal set subject = substr(subject, 1, length(subject) - 1) where seq = 7"},
      {"update journal set body = body || ' ' where seq = 7",
       "update journal set body = substr(body, 1, length(body) - 1) where seq = 7"}};
  ASSERT_FALSE(verdict().broken_at);
  for (const auto& [change, undo] : changes) {
    site.tamper(change);
    const auto broken = verdict();
    ASSERT_TRUE(broken.broken_at) << change;
    EXPECT_EQ(*broken.broken_at, 7) << change;
    EXPECT_EQ(broken.why, "the entry was changed");
    site.tamper(undo);
    ASSERT_FALSE(verdict().broken_at) << undo;
  }
}

TEST_P(JournalTest, ChangedHashesAreFoundAndNamed) {
  fill(6);
  site.tamper("update journal set hash = previous where seq = 6");
  EXPECT_EQ(verdict().broken_at, 6);
  EXPECT_EQ(verdict().why, "the entry was changed");
}

TEST_P(JournalTest, AChangedPreviousHashIsFoundAndNamed) {
  fill(6);
  site.tamper("update journal set previous = hash where seq = 6");
  EXPECT_EQ(verdict().broken_at, 6);
  EXPECT_EQ(verdict().why, "the entry is not chained to the one before it");
}

TEST_P(JournalTest, ADroppedEntryIsFoundAndNamed) {
  fill(6);
  site.tamper("delete from journal where seq = 4");
  EXPECT_EQ(verdict().broken_at, 4);
  EXPECT_EQ(verdict().why, "the entry is missing");
}

TEST_P(JournalTest, TheFirstEntryCannotBeDroppedUnseen) {
  site.tamper("delete from journal where seq = 1");
  EXPECT_EQ(verdict().broken_at, 1);
}

TEST_P(JournalTest, ADroppedEntryWithTheRestRenumberedIsFound) {
  fill(6);
  site.tamper("delete from journal where seq = 4; update journal set seq = 4 where seq = 5");
  EXPECT_EQ(verdict().broken_at, 4);
}

TEST_P(JournalTest, TwoEntriesExchangedAreFound) {
  fill(6);
  site.tamper(
      "update journal set seq = 1000 where seq = 5; update journal set seq = 5 where seq = 6; "
      "update journal set seq = 6 where seq = 1000");
  EXPECT_EQ(verdict().broken_at, 5);
}

TEST_P(JournalTest, NothingIsAppendedToADamagedEnd) {
  fill(3);
  const std::int64_t last = verdict().entries;
  site.tamper("update journal set body = '{}' where seq = (select max(seq) from journal)");
  const auto refused = append("sau khi hỏng");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason(), "store.journal_damaged");
  EXPECT_EQ(refused.error().code(), base::Code::data_loss);
  EXPECT_NE(refused.error().detail().find("(" + std::to_string(last) + ")"), std::string::npos);
  const auto end =
      site.database().read([](store::Connection& c) { return store::journal::check_end(c); });
  EXPECT_EQ(end.error().reason(), "store.journal_damaged");
}

TEST_P(JournalTest, WithADamagedEndNothingIsAcceptedAndNothingKept) {
  site.tamper("update journal set body = '{}' where seq = (select max(seq) from journal)");
  const auto refused = site.hand_in(kSender, testing::file_of(Letter{}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason(), "store.journal_damaged");
  static const store::Query kCount{"test.documents", "select count(*) from document"};
  EXPECT_EQ(site.number(kCount), 0);
}

TEST_P(JournalTest, ADamagedJournalIsNotOpened) {
  fill(3);
  site.tamper("update journal set body = '{}' where seq = 3");
  site.close();
  const auto refused = site.open();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason(), "store.journal_damaged");
  EXPECT_NE(refused.error().detail().find("entry 3"), std::string::npos)
      << refused.error().detail();
}

TEST_P(JournalTest, AWalkMayBeginInTheMiddle) {
  fill(5);
  const std::int64_t all = verdict().entries;
  EXPECT_EQ(verdict(4).entries, all - 3);
  EXPECT_EQ(verdict(4).head, verdict().head);
  EXPECT_EQ(verdict(all + 1).entries, 0);
}

}  // namespace
}  // namespace exchange
