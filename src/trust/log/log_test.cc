#include "trust/log/log.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/testing/temp_directory.h"
#include "trust/log/proof.h"
#include "trust/log/testing/small_log.h"

namespace trust::log {
namespace {

using testing::entries_of;
using testing::SmallLog;

// Everything that a tree of the head's size must have, compared with the entries themselves.
void expect_whole(SmallLog& small, std::size_t count) {
  const Checkpoint head = small.log->head();
  ASSERT_EQ(head.size, count);
  const auto entries = entries_of(0, count);
  Hashes leaves;
  for (const auto& entry : entries) leaves.push_back(leaf_hash(entry));
  ASSERT_EQ(head.root, root_of(leaves));
  ASSERT_EQ(small.read("checkpoint"), small.log->head_note());
  const auto source = small.log->source();
  TileTree tree(*source, count);
  for (std::size_t number = 0; number * kTileWidth < count; ++number) {
    auto read = tree.entries(number);
    ASSERT_TRUE(read.ok()) << read.error().detail();
    const std::vector<base::Bytes> bundle = std::move(*read);
    for (std::size_t i = 0; i < bundle.size(); ++i) {
      ASSERT_EQ(bundle[i], entries[number * kTileWidth + i]);
    }
  }
  for (std::size_t index = 0; index < count; index += 1 + count / 7) {
    const auto proof = prove(*source, index, small.log->head_note(), small.log->verifier());
    ASSERT_TRUE(proof.ok()) << index << proof.error().detail();
    EXPECT_TRUE(verify(*proof, entries[index], {small.log->verifier(), {}, 0}).ok());
    EXPECT_FALSE(verify(*proof, "another", {small.log->verifier(), {}, 0}).ok());
  }
  for (std::size_t old = 0; old <= count; old += 1 + count / 7) {
    const Hashes part(leaves.begin(), leaves.begin() + static_cast<std::ptrdiff_t>(old));
    EXPECT_TRUE(
        verify_consistency(old, root_of(part), count, head.root, tree.consistency(old).value())
            .ok());
  }
}

TEST(Log, BeginsWithAnEmptyHead) {
  SmallLog small;
  ASSERT_TRUE(small.open().ok());
  EXPECT_EQ(small.log->head().size, 0U);
  EXPECT_EQ(small.log->head().root, empty_root());
  ASSERT_TRUE(small.open().ok());
  EXPECT_EQ(small.log->append({}).value(), 0U);
  EXPECT_TRUE(SignedCheckpoint::read(small.read("checkpoint"), small.signer->verifier()).ok());
}

TEST(Log, GrowsInGroupsOfAnySize) {
  SmallLog small;
  ASSERT_TRUE(small.open().ok());
  std::size_t count = 0;
  for (const std::size_t more : {1, 1, 253, 1, 1, 254, 256, 257, 600, 3, 1000}) {
    small.grow(more);
    count += more;
    if (more % 2 == 0) {
      ASSERT_TRUE(small.open().ok());
    }
    expect_whole(small, count);
  }
  const auto names = small.disk->list("log/tile/0").value();
  for (const std::string& name : names) {
    if (!name.ends_with(".p") || name == "010.p") continue;
    EXPECT_TRUE(small.disk->list("log/tile/0/" + name).value().empty()) << name;
  }
}

TEST(Log, HasALevelTwo) {
  SmallLog small;
  ASSERT_TRUE(small.open().ok());
  for (int i = 0; i < 8; ++i) small.grow(kGroupEntriesMax);
  EXPECT_EQ(small.read("tile/2/000.p/1").size(), 32U);
  EXPECT_EQ(small.read("tile/1/000").size(), 8192U);
  small.grow(4464);
  EXPECT_EQ(small.read("tile/0/273.p/112").size(), 112U * 32);
  EXPECT_EQ(small.read("tile/1/001.p/17").size(), 17U * 32);
  ASSERT_TRUE(small.open().ok());
  expect_whole(small, 70000);
}

TEST(Log, FindsAnEntry) {
  SmallLog small;
  ASSERT_TRUE(small.open().ok());
  small.grow(700);
  EXPECT_EQ(small.log->find("entry 600", 0).value(), 600U);
  EXPECT_EQ(small.log->find("entry 600", 600).value(), 600U);
  EXPECT_EQ(small.log->find("entry 600", 601).value(), std::nullopt);
}

TEST(Log, TakesNoEntryThatIsTooLong) {
  SmallLog small;
  ASSERT_TRUE(small.open().ok());
  EXPECT_EQ(small.log->append({std::string(kEntryBytesMax + 1, 'x')}).error().reason(),
            "trust.log_entry_malformed");
  EXPECT_EQ(small.log->append(entries_of(0, kGroupEntriesMax + 1)).error().reason(),
            "trust.log_entry_malformed");
  EXPECT_EQ(small.log->append({std::string(kEntryBytesMax, 'x')}).value(), 0U);
}

TEST(Log, RefusesToStartOnDamagedFiles) {
  const auto reason = [](const auto& damage) {
    SmallLog small;
    EXPECT_TRUE(small.open().ok());
    small.grow(300);
    damage(small);
    const auto opened = small.open();
    return opened.ok() ? std::string() : std::string(opened.error().reason());
  };
  EXPECT_EQ(reason([](SmallLog&) {}), "");
  EXPECT_EQ(reason([](SmallLog& s) { s.write("tile/0/001.p/44", "short"); }), "trust.log_damaged");
  EXPECT_EQ(reason([](SmallLog& s) { EXPECT_TRUE(s.disk->remove("log/tile/0/001.p/44").ok()); }),
            "trust.log_damaged");
  EXPECT_EQ(reason([](SmallLog& s) { EXPECT_TRUE(s.disk->remove("log/checkpoint").ok()); }),
            "trust.log_damaged");
  EXPECT_EQ(reason([](SmallLog& s) { s.write("checkpoint", "not a checkpoint"); }),
            "trust.log_damaged");
  EXPECT_EQ(reason([](SmallLog& s) {
              base::Bytes tile = s.read("tile/1/000.p/1");
              tile[3] ^= 1;
              s.write("tile/1/000.p/1", tile);
            }),
            "trust.log_damaged");
  EXPECT_EQ(reason([](SmallLog& s) {
              base::Bytes bundle = s.read("tile/entries/001.p/44");
              bundle[4] ^= 1;
              s.write("tile/entries/001.p/44", bundle);
            }),
            "trust.log_damaged");
  EXPECT_EQ(reason([](SmallLog& s) { s.signer = testing::key_of("log.example/truc", 8); }),
            "trust.log_damaged")
      << "another key";
}

// A running log whose directory is replaced by an older copy must not sign a second history.
TEST(Log, NeverGoesBackWithinOneProcess) {
  SmallLog small;
  ASSERT_TRUE(small.open().ok());
  small.grow(5);
  const base::Bytes old = small.read("checkpoint");
  small.grow(5);
  small.write("checkpoint", old);
  small.disk->limit_bytes(1);
  EXPECT_EQ(small.log->append({"x"}).error().reason(), "base.disk_full");
  small.disk->limit_bytes(0);
  EXPECT_EQ(small.log->append({"x"}).error().reason(), "trust.log_rolled_back");
}

TEST(Log, GoesOnWhenTheDiskHasRoomAgain) {
  SmallLog small;
  ASSERT_TRUE(small.open().ok());
  small.grow(10);
  int taken = 0, refused = 0;
  for (std::uint64_t room = 3000; room < 60000; room += 997) {
    small.disk->limit_bytes(room);
    const std::uint64_t size = small.log->head().size;
    const auto appended = small.log->append(entries_of(size, size + 300));
    small.disk->limit_bytes(0);
    (appended.ok() ? taken : refused) += 1;
    if (!appended) {
      EXPECT_EQ(appended.error().reason(), "base.disk_full");
    }
    small.grow(1);  // as if nothing had been
  }
  EXPECT_GT(refused, 10);
  expect_whole(small, static_cast<std::size_t>(small.log->head().size));
}

// At every operation of the disk once: what was acknowledged is there, what was published stays.
TEST(Log, SurvivesDyingAtAnyWrite) {
  int adopted = 0, dropped = 0;
  for (std::uint64_t at = 1;; ++at) {
    SmallLog small(at);
    ASSERT_TRUE(small.open().ok());
    small.grow(250);
    const std::uint64_t before = small.disk->operations();
    small.disk->die_after(at);
    std::size_t acknowledged = 250, asked = 250;
    for (const std::size_t more : {3, 10, 300}) {
      asked += more;
      if (!small.log->append(entries_of(asked - more, asked)).ok()) break;
      acknowledged = asked;
    }
    const bool survived = small.disk->operations() - before < at;
    // Readers may have seen whatever the file says now.
    base::Bytes seen;
    if (!small.disk->dead()) seen = small.read("checkpoint");
    small.log.reset();
    small.disk->power_cycle();
    const auto opened = small.open();
    ASSERT_TRUE(opened.ok()) << at << opened.error().detail();
    const std::uint64_t size = small.log->head().size;
    ASSERT_TRUE(size == acknowledged || size == asked) << at << ": " << size;
    ++(size == asked && asked != acknowledged ? adopted : dropped);
    expect_whole(small, static_cast<std::size_t>(size));
    small.grow(600);
    expect_whole(small, static_cast<std::size_t>(size) + 600);
    if (survived) break;
  }
  EXPECT_GT(adopted, 0);
  EXPECT_GT(dropped, 20);
}

// The head that was visible at the moment of death is a prefix of what comes after it.
TEST(Log, NeverTakesBackAHeadThatWasVisible) {
  for (std::uint64_t at = 1; at < 60; ++at) {
    SmallLog small(1000 + at);
    ASSERT_TRUE(small.open().ok());
    small.grow(5);
    small.disk->die_after(at);
    std::vector<std::pair<std::uint64_t, base::Bytes>> seen;
    for (int i = 0; i < 6 && !small.disk->dead(); ++i) {
      static_cast<void>(small.log->append(
          entries_of(5 + 2 * static_cast<std::size_t>(i), 7 + 2 * static_cast<std::size_t>(i))));
      const Checkpoint head = small.log->head();
      seen.emplace_back(head.size, head.root);
    }
    small.log.reset();
    small.disk->power_cycle();
    ASSERT_TRUE(small.open().ok());
    ASSERT_TRUE(small.log->append({"after"}).ok());
    const Checkpoint head = small.log->head();
    const auto source = small.log->source();
    TileTree tree(*source, head.size);
    for (const auto& [size, root] : seen) {
      ASSERT_LE(size, head.size);
      EXPECT_TRUE(
          verify_consistency(size, root, head.size, head.root, tree.consistency(size).value())
              .ok());
    }
  }
}

TEST(Log, SharesGroupsAmongThreads) {
  const base::testing::TempDirectory directory;
  base::testing::FakeClock clock;
  const auto signer = testing::key_of("log.example", 1);
  auto log = Log::open({base::real_files(), directory / "log", *signer, clock});
  ASSERT_TRUE(log.ok());
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 20; ++i) {
        const base::Bytes entry = std::to_string(t) + "/" + std::to_string(i);
        const auto index = (*log)->append({entry, entry + "b"});
        if (!index || (*log)->find(entry, *index).value() != *index) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ((*log)->head().size, 320U);
}

TEST(Log, HasOneWriter) {
  const base::testing::TempDirectory directory;
  base::testing::FakeClock clock;
  const auto signer = testing::key_of("log.example", 1);
  const Log::Parts parts{base::real_files(), directory / "log", *signer, clock};
  auto log = Log::open(parts);
  ASSERT_TRUE(log.ok());
  const auto second = Log::open(parts);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().reason(), "trust.log_in_use");
  ASSERT_TRUE((*log)->append({"a"}).ok());
  log->reset();
  EXPECT_TRUE(Log::open(parts).ok());
}

TEST(Log, TakesNothingWhileItIsHeld) {
  testing::SmallLog small(1);
  ASSERT_TRUE(small.open());
  small.grow(3);
  small.log->hold(base::Error(base::Code::conflict, "trust.log_restored", "held", "giữ"));
  EXPECT_EQ(small.log->append({"x"}).error().reason(), "trust.log_restored");
  EXPECT_EQ(small.log->head().size, 3u);
  ASSERT_TRUE(small.open());
  small.grow(1);
}

}  // namespace
}  // namespace trust::log
