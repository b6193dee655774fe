#include "cli/backup_record.h"

#include "base/json.h"

namespace cli {
namespace {

const store::Query kNote{"cli.note_backup",
                         "insert into meta (name, value) values ($1, $2) "
                         "on conflict (name) do update set value = excluded.value"};
const store::Query kNoted{"cli.noted_backup",
                          "select name, value from meta where name = 'backup' or name = "
                          "'backup_failed'"};

base::Result<void> note(store::Database& database, std::string_view name, const base::Json& what) {
  const std::string text = what.dump();
  return database.write([&](store::Connection& connection) -> base::Result<void> {
    TRY(connection.run(kNote, {name, text}));
    return base::done();
  });
}

}  // namespace

base::Result<void> note_backup(store::Database& database, base::Time at, std::int64_t documents) {
  base::Json json;
  json.add("at", base::to_micros(at)).add("documents", documents);
  return note(database, "backup", json);
}

base::Result<void> note_failed_backup(store::Database& database, base::Time at,
                                      const base::Error& why) {
  base::Json json;
  json.add("at", base::to_micros(at)).add("reason", why.reason());
  return note(database, "backup_failed", json);
}

base::Result<LastBackup> last_backup(store::Database& database) {
  LastBackup last;
  TRY(database.read([&](store::Connection& connection) -> base::Result<void> {
    last = {};
    return connection.each(kNoted, {}, [&](const store::Row& row) {
      const auto value = base::Json::parse(row.text(1));
      if (!value) return true;
      const base::Time at = base::from_micros((*value)["at"].integer());
      if (row.text(0) == "backup") {
        last.whole_at = at;
        last.documents = (*value)["documents"].integer();
      } else {
        last.failed_at = at;
        last.failed_reason = (*value)["reason"].text();
      }
      return true;
    });
  }));
  if (last.whole_at && last.failed_at && *last.failed_at <= *last.whole_at) last.failed_at.reset();
  return last;
}

}  // namespace cli
