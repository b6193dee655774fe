#include "store/database.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>

#include "base/file.h"
#include "base/testing/temp_directory.h"

namespace store {
namespace {

using base::Result;

TEST(Database, RefusesOtherUrls) {
  for (const char* url : {"", "sqlite:", "sqlite::memory:", "mysql://x", "postgresqlx:"}) {
    Database::Options options;
    options.url = url;
    EXPECT_EQ(Database::open(options).error().reason(), "store.bad_url") << url;
  }
  Database::Options nowhere;
  nowhere.url = "postgresql:host=/nonexistent dbname=x";
  EXPECT_EQ(Database::open(nowhere).error().reason(), "store.unavailable");
  nowhere.url = "sqlite:/nonexistent/x.db";
  EXPECT_EQ(Database::open(nowhere).error().reason(), "store.unavailable");
}

TEST(Database, NamesADamagedFile) {
  const base::testing::TempDirectory directory;
  const std::string path = directory / "x.db";
  ASSERT_TRUE(base::write_file_durably(base::real_files(), path, std::string(8192, 'x')).ok());
  Database::Options options;
  options.url = "sqlite:" + path;
  EXPECT_EQ(Database::open(options).error().reason(), "store.damaged");
}

// Under constant load the log must start over: the writer gives way to a checkpoint.
TEST(Database, KeepsTheWriteAheadLogBounded) {
  const base::testing::TempDirectory directory;
  Database::Options options;
  options.url = "sqlite:" + (directory / "x.db");
  auto database = Database::open(options);
  ASSERT_TRUE(database.ok());
  constexpr Migration kBig{"big", 1, "big", "CREATE TABLE big (id int64 PRIMARY KEY, body bytes)"};
  static constexpr Query kFill{"big.fill",
                               "INSERT INTO big VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET "
                               "body = excluded.body"};
  ASSERT_TRUE((*database)->migrate({kBig}).ok());
  const std::string body(100'000, 'b');
  std::uintmax_t largest = 0;
  for (int i = 0; i < 3000; ++i) {
    ASSERT_TRUE((*database)
                    ->write([&](Connection& connection) -> Result<void> {
                      TRY(connection.run(kFill, {i % 200, Blob{body}}));
                      return base::done();
                    })
                    .ok());
    if (i % 50 == 0) {
      largest = std::max(largest, std::filesystem::file_size(directory / "x.db-wal"));
    }
  }
  EXPECT_LT(largest, 160U << 20) << "300 MB were written";
}

// It was: every acceptance was parsed and planned again, because a parameter stood beside a column
// that a partial index names, and its value might have made the index usable.
TEST(Database, MakesAPlanOnceWhateverTheValues) {
  const base::testing::TempDirectory directory;
  Database::Options options;
  options.url = "sqlite:" + (directory / "x.db");
  auto database = Database::open(options);
  ASSERT_TRUE(database.ok());
  constexpr Migration kTable{"t", 1, "t",
                             "CREATE TABLE t (id int64 PRIMARY KEY, code text, kind int64);"
                             "CREATE INDEX t_code ON t (code) WHERE kind = 0"};
  ASSERT_TRUE((*database)->migrate({kTable}).ok());
  static constexpr Query kAnyKind{
      "t.any", "EXPLAIN QUERY PLAN SELECT id FROM t WHERE code = $1 AND kind = $2"};
  std::string plan;
  ASSERT_TRUE((*database)->read([&](Connection& connection) {
    return connection.each(kAnyKind, {"1", 0}, [&](const Row& row) {
      plan += row.string(3);
      return true;
    });
  }));
  EXPECT_EQ(plan, "SCAN t") << "planned again for the value 0";
}

}  // namespace
}  // namespace store
