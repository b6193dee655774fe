// SQLite behind Session; the only user of sqlite3.h besides the tests' VFS.
#include <sqlite3.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/file.h"
#include "base/log.h"
#include "store/dialect.h"
#include "store/errors.h"
#include "store/session.h"

namespace store {
namespace {

using base::Error;
using base::Result;

constexpr int kBusyMillis = 5000;
// Frames in the write-ahead log (4 KiB each) at which a checkpoint is tried, at which the writer
// waits a moment for it so that the log can start over, and at which the file is cut as well.
constexpr int kPassivePages = 4000;
constexpr int kRestartPages = 16 * 1024;
constexpr int kTruncatePages = 64 * 1024;
constexpr int kInlinePages = 1000;

struct CloseDatabase {
  void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
};
struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Handle = std::unique_ptr<sqlite3, CloseDatabase>;
using Prepared = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

Failure failure_of(int code) {
  switch (code & 0xff) {
    case SQLITE_FULL:
      return Failure::full;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Failure::locked;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Failure::damaged;
    case SQLITE_CONSTRAINT:
      return Failure::constraint;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_PROTOCOL:
    case SQLITE_NOMEM:
    case SQLITE_INTERRUPT:
      return Failure::unavailable;
    default:
      return Failure::bad_statement;
  }
}

Error error_of(sqlite3* db, int code, std::string_view doing) {
  const char* message = db ? sqlite3_errmsg(db) : sqlite3_errstr(code);
  return database_error(failure_of(code), std::string(doing) + ": " + message);
}

Result<void> execute(sqlite3* db, const char* sql, std::string_view doing) {
  const int code = sqlite3_exec(db, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return error_of(db, sqlite3_extended_errcode(db), doing);
  return base::done();
}

class SqliteRow : public Row {
 public:
  explicit SqliteRow(sqlite3_stmt* statement) : statement_(statement) {}
  bool is_null(int column) const override {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
  }
  std::int64_t integer(int column) const override {
    return sqlite3_column_int64(statement_, column);
  }
  std::string_view text(int column) const override { return bytes(column); }
  base::BytesView bytes(int column) const override {
    const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    if (!data) return {};
    return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
  }

 private:
  sqlite3_stmt* const statement_;
};

// A prepared statement, and where $1, $2, … stand in it: to SQLite they are names.
struct Statement {
  Prepared prepared;
  std::string_view sql;  // of the Query, to notice another one at the same address
  std::vector<int> places;
  bool changes_schema = false;
  bool busy = false;
};

Result<Statement> prepare(sqlite3* db, const Query& query, unsigned flags) {
  const std::string sql = translate(query.sql, Engine::sqlite);
  sqlite3_stmt* raw = nullptr;
  const int code =
      sqlite3_prepare_v3(db, sql.data(), static_cast<int>(sql.size()), flags, &raw, nullptr);
  Statement statement{Prepared(raw), query.sql, {}, changes_schema(query.sql), false};
  if (code != SQLITE_OK) return error_of(db, sqlite3_extended_errcode(db), query.name);
  const int count = sqlite3_bind_parameter_count(raw);
  if (!raw) return database_error(Failure::bad_statement, std::string(query.name) + ": empty");
  for (int number = 1; number <= count; ++number) {
    const int place = sqlite3_bind_parameter_index(raw, ("$" + std::to_string(number)).c_str());
    if (place == 0) {
      return database_error(Failure::bad_statement,
                            std::string(query.name) + ": parameters must be $1, $2, …");
    }
    statement.places.push_back(place);
  }
  return statement;
}

// What is bound must outlive the step: the caller's Params do.
int bind(sqlite3_stmt* statement, int place, const Param& param) {
  struct Binder {
    sqlite3_stmt* to;
    int at;
    int operator()(std::nullptr_t) const { return sqlite3_bind_null(to, at); }
    int operator()(std::int64_t number) const { return sqlite3_bind_int64(to, at, number); }
    int operator()(std::string_view text) const {
      return sqlite3_bind_text64(to, at, text.empty() ? "" : text.data(), text.size(),
                                 SQLITE_STATIC, SQLITE_UTF8);
    }
    int operator()(Blob blob) const {
      if (blob.bytes.empty()) return sqlite3_bind_zeroblob(to, at, 0);
      return sqlite3_bind_blob64(to, at, blob.bytes.data(), blob.bytes.size(), SQLITE_STATIC);
    }
  };
  return std::visit(Binder{statement, place}, param.value());
}

// Copies what the write-ahead log holds into the database, on a thread and connection of its own,
// so that the writer only appends. Plain checkpoints never stop the writer, but under constant load
// they never catch up with it either: past a bound the writer gives way for one that does.
class Checkpointer {
 public:
  explicit Checkpointer(Handle db) : db_(std::move(db)), thread_([this] { loop(); }) {}
  ~Checkpointer() {
    {
      std::lock_guard lock(mutex_);
      stop_ = true;
    }
    wake_.notify_all();
    thread_.join();
  }
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

  // The writer, after a commit that left so many pages in the log.
  void committed(int pages) {
    if (pages < kPassivePages) {
      next_.store(kPassivePages, std::memory_order_relaxed);
      return;
    }
    if (pages < next_.load(std::memory_order_relaxed)) return;
    {
      std::lock_guard lock(mutex_);
      pages_ = pages;
    }
    wake_.notify_one();
  }

  // The writer, before it begins.
  void give_way() {
    if (!wants_turn_.load(std::memory_order_acquire)) return;
    std::unique_lock lock(mutex_);
    turn_.wait_for(lock, std::chrono::seconds(2), [&] { return !wants_turn_.load() || stop_; });
  }

 private:
  void loop() {
    std::unique_lock lock(mutex_);
    while (!stop_) {
      wake_.wait(lock, [&] { return stop_ || pages_ > 0; });
      if (stop_) return;
      const int pages = std::exchange(pages_, 0);
      next_.store(pages + kPassivePages, std::memory_order_relaxed);
      lock.unlock();
      checkpoint(pages);
      lock.lock();
      wants_turn_.store(false);
      turn_.notify_all();
    }
  }

  void checkpoint(int pages) {
    int code =
        sqlite3_wal_checkpoint_v2(db_.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    if (code == SQLITE_OK && pages >= kRestartPages) {
      wants_turn_.store(true, std::memory_order_release);
      const int mode =
          pages >= kTruncatePages ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_RESTART;
      code = sqlite3_wal_checkpoint_v2(db_.get(), nullptr, mode, nullptr, nullptr);
    }
    // Busy: a long reader; the next commits ask again.
    if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY) {
      base::log::warning("store.checkpoint_failed", {{"detail", sqlite3_errmsg(db_.get())}});
    }
  }

  const Handle db_;
  std::atomic<int> next_{kPassivePages};
  std::atomic<bool> wants_turn_{false};
  std::mutex mutex_;
  std::condition_variable wake_, turn_;
  int pages_ = 0;  // asked for and not yet taken up
  bool stop_ = false;
  std::thread thread_;
};

class SqliteSession : public Session {
 public:
  explicit SqliteSession(Handle db, std::unique_ptr<Checkpointer> checkpointer = nullptr,
                         bool checkpoint_inline = false)
      : db_(std::move(db)),
        checkpointer_(std::move(checkpointer)),
        checkpoint_inline_(checkpoint_inline) {
    if (checkpointer_ || checkpoint_inline_) {
      sqlite3_wal_hook(db_.get(), &SqliteSession::note_pages, this);
    }
  }
  sqlite3* raw() const { return db_.get(); }

  Result<std::int64_t> run(const Query& query, Params params) override {
    const std::int64_t before = sqlite3_total_changes64(db_.get());
    TRY(step(query, params, nullptr));
    return sqlite3_total_changes64(db_.get()) == before ? 0 : sqlite3_changes64(db_.get());
  }
  Result<void> each(const Query& query, Params params,
                    const std::function<bool(const Row&)>& row) override {
    return step(query, params, &row);
  }
  Result<void> script(std::string_view sql) override {
    ++schema_changes_;
    auto result = execute(db_.get(), translate(sql, Engine::sqlite).c_str(), "script");
    if (!result.ok()) return noted(std::move(result).error());
    return result;
  }

  Result<void> begin_write() override {
    static constexpr Query kBegin{"store.begin_write", "BEGIN IMMEDIATE"};
    if (checkpointer_) checkpointer_->give_way();
    return step(kBegin, {}, nullptr);
  }
  Result<void> begin_read() override {
    static constexpr Query kBegin{"store.begin_read", "BEGIN"};
    return step(kBegin, {}, nullptr);
  }
  Result<void> commit() override {
    static constexpr Query kCommit{"store.commit", "COMMIT"};
    log_pages_ = 0;
    TRY(step(kCommit, {}, nullptr));
    if (checkpointer_ && log_pages_ > 0) checkpointer_->committed(log_pages_);
    if (checkpoint_inline_ && log_pages_ >= kInlinePages) checkpoint_now();
    return base::done();
  }
  void rollback() override {
    if (in_transaction()) sqlite3_exec(db_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
  bool in_transaction() const override { return sqlite3_get_autocommit(db_.get()) == 0; }
  bool usable() const override { return !in_transaction(); }
  std::uint64_t written() const override {
    return static_cast<std::uint64_t>(sqlite3_total_changes64(db_.get())) + schema_changes_;
  }

 private:
  static int note_pages(void* self, sqlite3*, const char*, int pages) {
    static_cast<SqliteSession*>(self)->log_pages_ = pages;
    return SQLITE_OK;
  }

  // Losing a checkpoint loses nothing: what was committed stays in the log.
  void checkpoint_now() {
    sqlite3_wal_checkpoint_v2(db_.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  }

  Result<void> step(const Query& query, Params params, const std::function<bool(const Row&)>* row) {
    auto result = step_cached(query, params, row);
    if (!result.ok()) return noted(std::move(result).error());
    return result;
  }

  // A statement in use (its own callback asks again) is prepared a second time for the occasion.
  Result<void> step_cached(const Query& query, Params params,
                           const std::function<bool(const Row&)>* row) {
    auto found = statements_.find(&query);
    if (found != statements_.end() && found->second->busy) {
      Statement extra = TRY(prepare(db_.get(), query, 0));
      return step_prepared(query, extra, params, row);
    }
    if (found == statements_.end() || found->second->sql.data() != query.sql.data() ||
        found->second->sql.size() != query.sql.size()) {
      auto statement =
          std::make_unique<Statement>(TRY(prepare(db_.get(), query, SQLITE_PREPARE_PERSISTENT)));
      found = statements_.insert_or_assign(&query, std::move(statement)).first;
    }
    return step_prepared(query, *found->second, params, row);
  }

  Result<void> step_prepared(const Query& query, Statement& statement, Params params,
                             const std::function<bool(const Row&)>* row) {
    sqlite3_stmt* const raw = statement.prepared.get();
    if (params.size() != statement.places.size()) {
      return database_error(Failure::bad_statement,
                            std::string(query.name) + ": wrong number of parameters");
    }
    std::size_t next = 0;
    for (const Param& param : params) {
      const int code = bind(raw, statement.places[next++], param);
      if (code != SQLITE_OK) return error_of(db_.get(), code, query.name);
    }
    if (statement.changes_schema) ++schema_changes_;
    statement.busy = true;
    int code = sqlite3_step(raw);
    while (code == SQLITE_ROW) {
      if (row && !(*row)(SqliteRow(raw))) break;
      code = sqlite3_step(raw);
    }
    Result<void> result;
    if (code != SQLITE_DONE && code != SQLITE_ROW) {
      result = error_of(db_.get(), sqlite3_extended_errcode(db_.get()), query.name);
    }
    sqlite3_reset(raw);
    statement.busy = false;
    return result;
  }

  const Handle db_;
  const std::unique_ptr<Checkpointer> checkpointer_;
  const bool checkpoint_inline_;
  int log_pages_ = 0;
  std::uint64_t schema_changes_ = 0;
  std::unordered_map<const Query*, std::unique_ptr<Statement>> statements_;  // closed before db_
};

class SqliteBackend : public Backend {
 public:
  SqliteBackend(std::string path, const Database::Options& options)
      : path_(std::move(path)), vfs_(options.vfs), threads_(options.own_writer_thread) {}

  Result<std::unique_ptr<Session>> connect_writer() override {
    Handle db = TRY(open(path_, SQLITE_OPEN_CREATE));
    // The answer is the mode in force: a file that cannot have a log says "delete".
    bool wal = false;
    const auto mode = [](void* out, int, char** values, char**) {
      *static_cast<bool*>(out) = values[0] && std::strcmp(values[0], "wal") == 0;
      return 0;
    };
    const int code = sqlite3_exec(db.get(), "PRAGMA journal_mode=WAL", mode, &wal, nullptr);
    if (code != SQLITE_OK) return error_of(db.get(), code, "opening " + path_);
    if (!wal) return database_error(Failure::unavailable, path_ + ": no write-ahead log here");
    TRY(execute(db.get(), "PRAGMA cache_size=-65536; PRAGMA wal_autocheckpoint=0", "opening"));
    std::unique_ptr<Checkpointer> checkpointer;
    if (threads_) {
      Handle own = TRY(open(path_, 0));
      sqlite3_busy_timeout(own.get(), 200);  // while it waits for readers, the writer waits too
      TRY(execute(own.get(), "PRAGMA wal_autocheckpoint=0", "opening"));
      checkpointer = std::make_unique<Checkpointer>(std::move(own));
    }
    return std::unique_ptr<Session>(
        std::make_unique<SqliteSession>(std::move(db), std::move(checkpointer), !threads_));
  }

  Result<std::unique_ptr<Session>> connect_reader() override {
    Handle db = TRY(open(path_, 0));
    TRY(execute(db.get(), "PRAGMA query_only=ON; PRAGMA cache_size=-8192", "opening"));
    return std::unique_ptr<Session>(std::make_unique<SqliteSession>(std::move(db)));
  }

  Result<void> backup(const std::string& path) override {
    Handle from = TRY(open(path_, 0));
    TRY(refuse_existing(path));
    Handle to = TRY(open(path, SQLITE_OPEN_CREATE));
    sqlite3_backup* copy = sqlite3_backup_init(to.get(), "main", from.get(), "main");
    if (!copy) return error_of(to.get(), sqlite3_extended_errcode(to.get()), "backup");
    // One step is one snapshot; the log lets the writer go on meanwhile.
    sqlite3_backup_step(copy, -1);
    const int code = sqlite3_backup_finish(copy);
    if (code != SQLITE_OK) {
      Error error = error_of(to.get(), code, "backup to " + path);
      to.reset();
      if (vfs_.empty()) static_cast<void>(base::real_files().remove(path));
      return error;
    }
    to.reset();
    return vfs_.empty() ? sync(path) : base::done();
  }

  Result<std::vector<std::string>> check(Session& reader) override {
    static constexpr Query kQuick{"store.quick_check", "PRAGMA quick_check(1000)"};
    static constexpr Query kForeign{"store.foreign_key_check", "PRAGMA foreign_key_check"};
    std::vector<std::string> findings;
    TRY(reader.each(kQuick, {}, [&](const Row& row) {
      if (row.text(0) != "ok") findings.push_back(row.string(0));
      return true;
    }));
    TRY(reader.each(kForeign, {}, [&](const Row& row) {
      findings.push_back("table " + row.string(0) + ", row " + row.string(1) +
                         ": nothing in table " + row.string(2) + " has its key");
      return findings.size() < 2000;
    }));
    return findings;
  }

  std::string_view engine() const override { return "sqlite"; }

 private:
  Result<Handle> open(const std::string& path, int more_flags) const {
    sqlite3* raw = nullptr;
    const int code = sqlite3_open_v2(
        path.c_str(), &raw,
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | more_flags,
        vfs_.empty() ? nullptr : vfs_.c_str());
    Handle db(raw);
    if (code != SQLITE_OK) return error_of(raw, code, "opening " + path);
    sqlite3_busy_timeout(raw, kBusyMillis);
    // A plan is made once. Otherwise a parameter that is compared with a column which stands in the
    // condition of a partial index makes every call with another value parse and plan again.
    sqlite3_db_config(raw, SQLITE_DBCONFIG_ENABLE_QPSG, 1, nullptr);
    TRY(execute(raw,
                "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY;"
                "PRAGMA mmap_size=0; PRAGMA case_sensitive_like=ON",
                "opening " + path));
    return db;
  }

  Result<void> refuse_existing(const std::string& path) const {
    bool exists = vfs_.empty() && base::real_files().exists(path);
    if (!vfs_.empty()) {
      sqlite3_vfs* const vfs = sqlite3_vfs_find(vfs_.c_str());
      int there = 0;
      if (vfs) vfs->xAccess(vfs, path.c_str(), SQLITE_ACCESS_EXISTS, &there);
      exists = there != 0;
    }
    if (!exists) return base::done();
    return Error(base::Code::conflict, "store.backup_exists", "The file is already there: " + path,
                 "Tệp sao lưu đã tồn tại: " + path);
  }

  static Result<void> sync(const std::string& path) {
    auto& files = base::real_files();
    auto file = TRY(files.open(path, base::FileSystem::Mode::read_write));
    TRY(file->sync());
    return files.sync_directory(base::directory_of(path));
  }

  const std::string path_;
  const std::string vfs_;
  const bool threads_;
};

}  // namespace

std::unique_ptr<Backend> open_sqlite(std::string place, const Database::Options& options) {
  return std::make_unique<SqliteBackend>(std::move(place), options);
}

}  // namespace store
