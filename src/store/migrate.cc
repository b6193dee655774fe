#include "store/migrate.h"

#include <map>
#include <string>

#include "base/hash.h"
#include "base/log.h"

namespace store {
namespace {

using base::Code;
using base::Error;
using base::Result;

constexpr std::string_view kVersionTable = R"sql(
  CREATE TABLE IF NOT EXISTS schema_version (
    module text NOT NULL,
    number int64 NOT NULL,
    name text NOT NULL,
    sha256 text NOT NULL,
    applied_at time NOT NULL,
    PRIMARY KEY (module, number)
  );
)sql";
constexpr Query kApplied{"store.migration_applied",
                         "SELECT sha256 FROM schema_version WHERE module = $1 AND number = $2"};
constexpr Query kHighest{"store.migration_highest",
                         "SELECT MAX(number) FROM schema_version WHERE module = $1"};
constexpr Query kRecord{"store.migration_record",
                        "INSERT INTO schema_version (module, number, name, sha256, applied_at) "
                        "VALUES ($1, $2, $3, $4, $5)"};

std::string title(const Migration& migration) {
  return std::string(migration.module) + " " + std::to_string(migration.number) + " (" +
         std::string(migration.name) + ")";
}

// Whether the step is there already, with the same text.
Result<bool> applied(Connection& connection, const Migration& migration,
                     const std::string& digest) {
  std::string before;
  const bool found = TRY(connection.first(kApplied, {migration.module, migration.number},
                                          [&](const Row& row) { before = row.string(0); }));
  if (found && before != digest) {
    return Error(Code::conflict, "store.migration_changed",
                 "The text of the schema step " + title(migration) +
                     " is not the one this database was built with",
                 "Bước nâng cấp cơ sở dữ liệu đã bị sửa đổi sau khi áp dụng");
  }
  return found;
}

Result<void> refuse_newer(Connection& connection, const std::vector<Migration>& migrations) {
  std::map<std::string_view, int> known;
  for (const Migration& migration : migrations) {
    int& highest = known[migration.module];
    if (migration.number != highest + 1) {
      return Error(Code::internal, "store.migration_order",
                   "Schema steps must be numbered 1, 2, 3 …: " + title(migration));
    }
    highest = migration.number;
  }
  for (const auto& [module, highest] : known) {
    const auto there = TRY(connection.integer(kHighest, {module}));
    if (there.value_or(0) > highest) {
      return Error(Code::conflict, "store.schema_newer",
                   "The database was migrated by a newer program: module " + std::string(module) +
                       " is at step " + std::to_string(*there) + ", this program knows " +
                       std::to_string(highest),
                   "Cơ sở dữ liệu thuộc phiên bản phần mềm mới hơn");
    }
  }
  return base::done();
}

}  // namespace

Result<void> apply_migrations(const WriteOne& write, const base::Clock& clock,
                              const std::vector<Migration>& migrations) {
  TRY(write([&](Connection& connection) -> Result<void> {
    TRY(connection.script(kVersionTable));
    TRY(refuse_newer(connection, migrations));
    for (const Migration& migration : migrations) {
      TRY(applied(connection, migration, base::hex(base::sha256(migration.sql))));
    }
    return base::done();
  }));
  for (const Migration& migration : migrations) {
    const std::string digest = base::hex(base::sha256(migration.sql));
    bool did = false;
    auto written = write([&](Connection& connection) -> Result<void> {
      did = false;
      if (TRY(applied(connection, migration, digest))) return base::done();
      TRY(connection.script(migration.sql));
      TRY(connection.run(
          kRecord, {migration.module, migration.number, migration.name, digest, clock.now()}));
      did = true;
      return base::done();
    });
    if (!written.ok()) return std::move(written).error().with("schema step " + title(migration));
    if (did) {
      base::log::info(
          "store.migrated",
          {{"module", migration.module}, {"number", migration.number}, {"name", migration.name}});
    }
  }
  return base::done();
}

}  // namespace store
