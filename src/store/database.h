// A database with one writer that gathers changes into group commits, and any number of readers.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/queue.h"
#include "base/result.h"
#include "store/connection.h"

namespace store {

// One step of a schema, applied once and in order, forward only. Its text never changes after a
// release: the digest is kept and compared at every start (store.migration_changed).
struct Migration {
  std::string_view module;  // "exchange"
  int number;               // 1, 2, 3 …
  std::string_view name;    // "documents"
  std::string_view sql;
};

class Database {
 public:
  struct Options {
    // "sqlite:PATH" or a libpq connection string ("postgresql://…" or "postgresql:host=… dbname=…").
    std::string url;
    // Called by the writer before each commit; an error fails every change of that group. The place
    // to make blobs durable before the records that name them.
    std::function<base::Result<void>()> before_commit;
    // How many changes one commit gathers at most, and how many may wait (per lane).
    std::size_t group_changes_max = 256;
    std::size_t waiting_max = 4096;
    // Without its own thread, write() commits on the caller's thread, one change a commit: for the
    // simulation and for commands that write once.
    bool own_writer_thread = true;
    // SQLite only: name of a VFS registered by a test; empty for the default.
    std::string vfs;
    std::size_t readers_max = 16;
  };

  // Opens and, for SQLite, creates the file. WAL with synchronous=FULL; fsync on every commit.
  static base::Result<std::unique_ptr<Database>> open(Options options);
  virtual ~Database() = default;  // finishes what waits, then stops the writer

  // Applies what is missing, in the order given. Refuses a database that a newer program has
  // migrated further (store.schema_newer).
  virtual base::Result<void> migrate(const std::vector<Migration>& migrations) = 0;

  // Runs `change` inside a transaction on the writer's thread and returns after the commit: when it
  // is ok, the change is on disk. If `change` returns an error, nothing of it is kept and the error
  // comes back. `change` may run more than once (after a neighbour in the same group failed), so it
  // must compute from the database and from its own inputs only, resetting its outputs first.
  // A statement that fails fails the change, even when `change` goes on and returns ok: PostgreSQL has
  // given the transaction up by then, and both engines behave alike. To expect a duplicate, write
  // ON CONFLICT. The same holds for read().
  // store.busy (Code::unavailable) when too many changes wait.
  virtual base::Result<void> write(const std::function<base::Result<void>(Connection&)>& change,
                                   base::Lane lane = base::Lane::normal) = 0;

  // Runs `work` on a reading connection, within one snapshot. Sees every write() that returned
  // before. Waits while readers_max readers are busy.
  virtual base::Result<void> read(const std::function<base::Result<void>(Connection&)>& work) = 0;

  // A consistent copy while writers go on. SQLite: a database file at `path` (which must not exist);
  // PostgreSQL: a pg_dump archive in custom format.
  virtual base::Result<void> backup(const std::string& path) = 0;

  // The engine's own integrity check (SQLite: PRAGMA quick_check, foreign keys); every finding a line.
  virtual base::Result<std::vector<std::string>> check() = 0;

  // Transactions committed and changes in them since the start; for metrics.
  virtual std::uint64_t commits() const = 0;
  virtual std::uint64_t changes() const = 0;
  virtual std::size_t waiting() const = 0;
  virtual std::string_view engine() const = 0;  // "sqlite" or "postgresql"
};

}  // namespace store
