#include "store/dialect.h"

#include <gtest/gtest.h>

namespace store {
namespace {

std::string sqlite(std::string_view sql) { return translate(sql, Engine::sqlite); }
std::string postgres(std::string_view sql) { return translate(sql, Engine::postgresql); }

TEST(Dialect, ReplacesTheTypesOfColumns) {
  constexpr std::string_view kSql =
      "CREATE TABLE t (id int64 PRIMARY KEY, name text NOT NULL, body bytes, open bool, at time)";
  EXPECT_EQ(sqlite(kSql),
            "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT NOT NULL, body BLOB, open INTEGER, "
            "at INTEGER) STRICT");
  EXPECT_EQ(postgres(kSql),
            "CREATE TABLE t (id BIGINT PRIMARY KEY, name TEXT COLLATE \"C\" NOT NULL, body BYTEA, "
            "open BIGINT, at BIGINT)");
}

TEST(Dialect, LeavesNamesLiteralsAndCommentsAlone) {
  EXPECT_EQ(sqlite("create table if not exists \"text\" (text text default 'int64 time', -- bool\n"
                   " time time check (time > 0 /* bytes */), unique (text, time))"),
            "create table if not exists \"text\" (text TEXT default 'int64 time', -- bool\n"
            " time INTEGER check (time > 0 /* bytes */), unique (text, time)) STRICT");
  EXPECT_EQ(postgres("CREATE INDEX time ON t (text) WHERE bool = 'it''s bytes'"),
            "CREATE INDEX time ON t (text) WHERE bool = 'it''s bytes'");
  EXPECT_EQ(sqlite("SELECT text, time FROM int64"), "SELECT text, time FROM int64");
}

TEST(Dialect, TranslatesEveryStatementOfAScript) {
  constexpr std::string_view kSql =
      "ALTER TABLE t ADD COLUMN seen time; CREATE TABLE u (k text PRIMARY KEY) WITHOUT ROWID;\n"
      "INSERT INTO u VALUES ('x; CREATE TABLE v (a int64)');";
  EXPECT_EQ(sqlite(kSql),
            "ALTER TABLE t ADD COLUMN seen INTEGER; CREATE TABLE u (k TEXT PRIMARY KEY) STRICT, "
            "WITHOUT ROWID;\nINSERT INTO u VALUES ('x; CREATE TABLE v (a int64)');");
  EXPECT_EQ(postgres(kSql),
            "ALTER TABLE t ADD COLUMN seen BIGINT; CREATE TABLE u (k TEXT COLLATE \"C\" PRIMARY "
            "KEY)  ;\nINSERT INTO u VALUES ('x; CREATE TABLE v (a int64)');");
}

TEST(Dialect, TranslatesCastsInsideTables) {
  EXPECT_EQ(postgres("CREATE TABLE t (a text CHECK (CAST(a AS int64) > 0))"),
            "CREATE TABLE t (a TEXT COLLATE \"C\" CHECK (CAST(a AS BIGINT) > 0))");
}

TEST(Dialect, SurvivesWhatIsLeftOpen) {
  for (const char* sql : {"CREATE TABLE t (a text 'open", "CREATE TABLE \"", "/* CREATE", "--", "",
                          "CREATE", "CREATE TABLE t ((((", ")))) CREATE TABLE"}) {
    EXPECT_GE(sqlite(sql).size() + 10, std::string_view(sql).size()) << sql;
    EXPECT_GE(postgres(sql).size() + 10, std::string_view(sql).size()) << sql;
  }
}

TEST(Dialect, KnowsWhatChangesTheSchema) {
  EXPECT_TRUE(changes_schema(" -- why\n create index i on t (a)"));
  EXPECT_TRUE(changes_schema("DROP TABLE t"));
  EXPECT_FALSE(changes_schema("INSERT INTO t VALUES ('create')"));
  EXPECT_FALSE(changes_schema(""));
}

}  // namespace
}  // namespace store
