// Records and blobs on a disk that dies at every operation, for many seeds.
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "store/blobs.h"
#include "store/database.h"
#include "store/testing/faulty_disk.h"

namespace store {
namespace {

using base::Result;

constexpr Migration kRows{"crash", 1, "rows", R"sql(
  CREATE TABLE rows (id int64 PRIMARY KEY, pair int64 NOT NULL, blob text NOT NULL, filler bytes)
)sql"};
constexpr Query kInsert{"crash.insert", "INSERT INTO rows VALUES ($1, $2, $3, $4)"};
constexpr Query kAll{"crash.all", "SELECT id, pair, blob FROM rows ORDER BY id"};

base::Bytes content_of(std::int64_t id) {
  const std::size_t size = id % 7 == 0 ? 70'000 : 100 + static_cast<std::size_t>(id) * 31 % 3000;
  return base::SeededRandom(static_cast<std::uint64_t>(id)).bytes(size);
}

// One life of a program, from start to the end or the death of the disk.
class Life {
 public:
  Life(testing::FaultyDisk& disk, std::uint64_t seed) : disk_(disk), random_(seed) {}

  Result<void> open() {
    blobs_ = TRY(open_blob_directory(disk_, random_, "/data/blobs"));
    Database::Options options;
    options.url = "sqlite:/data/truc.db";
    options.vfs = disk_.sqlite_vfs();
    options.own_writer_thread = false;
    options.before_commit = [this] { return blobs_->sync(); };
    database_ = TRY(Database::open(options));
    return database_->migrate({kRows});
  }
  // Rows come in pairs, two to a transaction: half a pair is half a group.
  Result<void> add_pair(std::int64_t pair) {
    const std::int64_t ids[] = {pair * 2, pair * 2 + 1};
    std::map<std::int64_t, BlobRef> refs;
    for (const std::int64_t id : ids) refs[id] = TRY(blobs_->put(content_of(id)));
    return database_->write([&](Connection& connection) -> Result<void> {
      for (const std::int64_t id : ids) {
        TRY(connection.run(kInsert, {id, pair, refs[id], Blob{std::string(2000, 'f')}}));
      }
      return base::done();
    });
  }
  // Every row with its blob is whole, every pair is complete; gives the number of pairs.
  std::int64_t inspect() {
    std::map<std::int64_t, int> pairs;
    const auto read = database_->read([&](Connection& connection) -> Result<void> {
      return connection.each(kAll, {}, [&](const Row& row) {
        ++pairs[row.integer(1)];
        const auto reader = blobs_->open(row.string(2));
        EXPECT_TRUE(reader.ok()) << row.integer(0) << ": " << reader.error().detail();
        if (!reader.ok()) return true;
        base::Bytes bytes((*reader)->size(), '\0');
        EXPECT_EQ((*reader)->read_at(0, bytes.data(), bytes.size()).value(), bytes.size());
        EXPECT_TRUE(bytes == content_of(row.integer(0))) << row.integer(0);
        return true;
      });
    });
    EXPECT_TRUE(read.ok()) << read.error().detail();
    std::int64_t expected = 0;
    for (const auto& [pair, rows] : pairs) {
      EXPECT_EQ(pair, expected++);
      EXPECT_EQ(rows, 2) << "half a group";
    }
    const auto findings = database_->check();
    EXPECT_TRUE(findings.ok() && findings->empty());
    return expected;
  }
  Result<std::uint64_t> sweep() {
    std::map<BlobRef, bool> named;
    TRY(database_->read([&](Connection& connection) -> Result<void> {
      return connection.each(kAll, {}, [&](const Row& row) { return named[row.string(2)] = true; });
    }));
    return blobs_->sweep([&](const BlobRef& ref) { return named.contains(ref); });
  }

 private:
  testing::FaultyDisk& disk_;
  base::SeededRandom random_;
  std::unique_ptr<Blobs> blobs_;
  std::unique_ptr<Database> database_;
};

// Lives one life that ends after `operations`; gives how many pairs were acknowledged in all.
std::int64_t live(testing::FaultyDisk& disk, std::uint64_t seed, std::uint64_t operations,
                  std::int64_t acknowledged) {
  disk.die_after(operations);
  Life life(disk, seed);
  if (!life.open().ok()) return acknowledged;
  // A pair may be there whose acknowledgement was lost with the power.
  std::int64_t next = acknowledged;
  for (int i = 0; i < 12; ++i) {
    if (!life.add_pair(next).ok()) break;
    acknowledged = ++next;
  }
  return acknowledged;
}

void survive(std::uint64_t seed, std::uint64_t first_death, std::uint64_t second_death) {
  SCOPED_TRACE("seed " + std::to_string(seed) + ", deaths at " + std::to_string(first_death) +
               " and " + std::to_string(second_death));
  testing::FaultyDisk disk(seed);
  ASSERT_TRUE(disk.make_directory("/data").ok());
  std::int64_t acknowledged = 0;
  for (const std::uint64_t death : {first_death, second_death}) {
    acknowledged = live(disk, seed ^ death, death, acknowledged);
    disk.power_cycle();
    Life after(disk, seed + death);
    const auto opened = after.open();
    ASSERT_TRUE(opened.ok()) << opened.error().detail();
    const std::int64_t there = after.inspect();
    EXPECT_GE(there, acknowledged) << "an acknowledged row is gone";
    EXPECT_LE(there, acknowledged + 1);
    ASSERT_TRUE(after.sweep().ok());
    EXPECT_EQ(after.inspect(), there) << "the sweep took something that is named";
    acknowledged = there;
  }
}

TEST(Crash, DiesAtEveryOperation) {
  testing::FaultyDisk whole(1);
  ASSERT_TRUE(whole.make_directory("/data").ok());
  EXPECT_EQ(live(whole, 1, 0, 0), 12);
  const std::uint64_t all = whole.operations();
  ASSERT_GT(all, 60U);
  for (std::uint64_t death = 1; death <= all; ++death) survive(death * 7919, death, death / 2 + 1);
}

TEST(Crash, SurvivesHundredsOfSeeds) {
  base::SeededRandom random(2026);
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    survive(seed, 1 + random.below(160), 1 + random.below(160));
    if (::testing::Test::HasFailure()) break;
  }
}

TEST(Crash, AFullDiskLosesNothingAndWorksAgain) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE(seed);
    testing::FaultyDisk disk(seed);
    ASSERT_TRUE(disk.make_directory("/data").ok());
    Life life(disk, seed);
    ASSERT_TRUE(life.open().ok());
    ASSERT_TRUE(life.add_pair(0).ok());
    disk.limit_bytes(60'000 + seed * 4'000);
    std::int64_t next = 1;
    std::optional<base::Error> refused;
    for (int i = 0; i < 40 && !refused; ++i) {
      const auto added = life.add_pair(next);
      if (added.ok()) {
        ++next;
      } else {
        refused = added.error();
      }
    }
    ASSERT_TRUE(refused);
    EXPECT_TRUE(refused->reason() == "store.full" || refused->reason() == "store.disk_full")
        << refused->reason() << " " << refused->detail();
    EXPECT_EQ(life.inspect(), next) << "what was refused is not there";
    disk.limit_bytes(0);
    EXPECT_TRUE(life.add_pair(next).ok());
    EXPECT_EQ(life.inspect(), next + 1);
  }
}

// Long enough for the log to be copied into the database many times.
TEST(Crash, SurvivesInTheMiddleOfACheckpoint) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    testing::FaultyDisk disk(seed);
    ASSERT_TRUE(disk.make_directory("/data").ok());
    std::int64_t acknowledged = 0;
    {
      Life life(disk, seed);
      ASSERT_TRUE(life.open().ok());
      while (acknowledged < 170) {
        ASSERT_TRUE(life.add_pair(acknowledged).ok());
        ++acknowledged;
      }
      disk.die_after(2500 + seed * 97);
      while (life.add_pair(acknowledged).ok()) ++acknowledged;
    }
    disk.power_cycle();
    Life after(disk, seed + 1);
    ASSERT_TRUE(after.open().ok());
    EXPECT_GE(after.inspect(), acknowledged);
    if (::testing::Test::HasFailure()) break;
  }
}

}  // namespace
}  // namespace store
