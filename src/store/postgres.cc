// PostgreSQL behind Session; the only user of libpq-fe.h.
#include <libpq-fe.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/file.h"
#include "base/text.h"
#include "store/dialect.h"
#include "store/errors.h"
#include "store/program.h"
#include "store/session.h"

namespace store {
namespace {

using base::Error;
using base::Result;

// Types of PostgreSQL's catalogue, fixed for ever.
constexpr Oid kInt8 = 20;
constexpr Oid kBytea = 17;
constexpr int kTextFormat = 0;
constexpr int kBinaryFormat = 1;

// One process writes at a time, as with SQLite: chains over all records (the journal) need it. The
// number is "truc" in ASCII.
constexpr const char* kBeginWrite = "BEGIN; SELECT pg_advisory_xact_lock(1953658211)";
constexpr const char* kBeginRead = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
constexpr const char* kSettings =
    "SET client_min_messages = error; SET lock_timeout = '5s'; SET bytea_output = hex;"
    "SELECT set_config('synchronous_commit', 'on', false)"
    " WHERE current_setting('synchronous_commit') = 'off'";

struct CloseConnection {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
struct ClearAnswer {
  void operator()(PGresult* answer) const { PQclear(answer); }
};
using Handle = std::unique_ptr<PGconn, CloseConnection>;
using Answer = std::unique_ptr<PGresult, ClearAnswer>;

Failure failure_of(std::string_view state) {
  const std::string_view kind = state.substr(0, 2);
  if (state == "53100") return Failure::full;
  if (state == "08P01") return Failure::bad_statement;  // a wrong number of parameters
  if (state == "55P03" || state == "40001" || state == "40P01") return Failure::locked;
  if (state == "XX001" || state == "XX002") return Failure::damaged;
  if (kind == "23" || kind == "22") return Failure::constraint;
  if (kind == "08" || kind == "53" || kind == "57" || kind == "58") return Failure::unavailable;
  return Failure::bad_statement;
}

bool succeeded(const PGresult* answer) {
  const ExecStatusType status = PQresultStatus(answer);
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
}

Error error_of(PGconn* connection, const PGresult* answer, std::string_view doing) {
  const char* state = answer ? PQresultErrorField(answer, PG_DIAG_SQLSTATE) : nullptr;
  // The primary message only: the details quote values of rows.
  const char* message = answer ? PQresultErrorField(answer, PG_DIAG_MESSAGE_PRIMARY) : nullptr;
  const bool lost = PQstatus(connection) != CONNECTION_OK;
  const Failure failure = lost || !state ? Failure::unavailable : failure_of(state);
  return database_error(
      failure, std::string(doing) + ": " +
                   std::string(base::trim(message ? message : PQerrorMessage(connection))));
}

int hex_digit(char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; }

class PostgresRow : public Row {
 public:
  PostgresRow(const PGresult* answer, int row)
      : answer_(answer), row_(row), decoded_(static_cast<std::size_t>(PQnfields(answer))) {}
  bool is_null(int column) const override { return PQgetisnull(answer_, row_, column) != 0; }
  std::int64_t integer(int column) const override {
    const std::string_view value = raw(column);
    if (value == "t") return 1;
    std::int64_t number = 0;
    std::from_chars(value.data(), value.data() + value.size(), number);
    return number;
  }
  std::string_view text(int column) const override { return bytes(column); }
  base::BytesView bytes(int column) const override {
    if (is_null(column)) return {};
    if (PQftype(answer_, column) != kBytea) return raw(column);
    auto& decoded = decoded_[static_cast<std::size_t>(column)];
    if (!decoded) decoded = decode(raw(column));
    return *decoded;
  }

 private:
  std::string_view raw(int column) const {
    return {PQgetvalue(answer_, row_, column),
            static_cast<std::size_t>(PQgetlength(answer_, row_, column))};
  }
  // "\x…": lower-case hexadecimal, as bytea_output says.
  static std::string decode(std::string_view hex) {
    std::string bytes;
    bytes.reserve(hex.size() / 2);
    for (std::size_t at = 2; at + 1 < hex.size(); at += 2) {
      bytes.push_back(static_cast<char>(hex_digit(hex[at]) * 16 + hex_digit(hex[at + 1])));
    }
    return bytes;
  }

  const PGresult* const answer_;
  const int row_;
  mutable std::vector<std::optional<std::string>> decoded_;
};

// Parameters as libpq wants them: numbers as text, so that they fit whatever integer type the
// statement infers; text and bytes as they are.
class Arguments {
 public:
  explicit Arguments(Params params) {
    numbers_.resize(params.size());
    for (const Param& param : params) std::visit(*this, param.value());
  }
  void operator()(std::nullptr_t) { add(nullptr, 0, kTextFormat, 0); }
  void operator()(std::int64_t number) {
    auto& digits = numbers_[values_.size()];
    *std::to_chars(digits.data(), digits.data() + digits.size() - 1, number).ptr = '\0';
    add(digits.data(), 0, kTextFormat, kInt8);
  }
  void operator()(std::string_view text) {
    add(text.empty() ? "" : text.data(), text.size(), kBinaryFormat, 0);
  }
  void operator()(Blob blob) {
    add(blob.bytes.empty() ? "" : blob.bytes.data(), blob.bytes.size(), kBinaryFormat, kBytea);
  }
  int count() const { return static_cast<int>(values_.size()); }
  const char* const* values() const { return values_.data(); }
  const int* lengths() const { return lengths_.data(); }
  const int* formats() const { return formats_.data(); }
  const Oid* types() const { return types_.data(); }

 private:
  void add(const char* value, std::size_t length, int format, Oid type) {
    values_.push_back(value);
    lengths_.push_back(static_cast<int>(length));
    formats_.push_back(format);
    types_.push_back(type);
  }
  std::vector<std::array<char, 24>> numbers_;
  std::vector<const char*> values_;
  std::vector<int> lengths_;
  std::vector<int> formats_;
  std::vector<Oid> types_;
};

class PostgresSession : public Session {
 public:
  explicit PostgresSession(std::string place) : place_(std::move(place)) {}

  Result<void> connect() {
    prepared_.clear();
    connection_.reset(PQconnectdb(place_.c_str()));
    if (PQstatus(connection_.get()) != CONNECTION_OK) {
      return error_of(connection_.get(), nullptr, "connecting");
    }
    PQsetNoticeProcessor(
        connection_.get(), [](void*, const char*) {}, nullptr);
    PQsetClientEncoding(connection_.get(), "UTF8");
    return execute(kSettings, "connecting");
  }

  Result<std::int64_t> run(const Query& query, Params params) override {
    const Answer answer = TRY(ask(query, params));
    return base::parse_int(PQcmdTuples(answer.get())).value_or(0);
  }
  Result<void> each(const Query& query, Params params,
                    const std::function<bool(const Row&)>& row) override {
    const Answer answer = TRY(ask(query, params));
    const int rows = PQntuples(answer.get());
    for (int i = 0; i < rows; ++i) {
      if (!row(PostgresRow(answer.get(), i))) break;
    }
    return base::done();
  }
  Result<void> script(std::string_view sql) override {
    ++written_;
    auto result = execute(translate(sql, Engine::postgresql).c_str(), "script");
    if (!result.ok()) return noted(std::move(result).error());
    return result;
  }

  Result<void> begin_write() override { return begin(kBeginWrite); }
  Result<void> begin_read() override { return begin(kBeginRead); }
  Result<void> commit() override {
    const Answer answer(PQexec(connection_.get(), "COMMIT"));
    if (!succeeded(answer.get())) return error_of(connection_.get(), answer.get(), "commit");
    // A transaction that was given up "commits" as a rollback, and without an error.
    if (std::strcmp(PQcmdStatus(answer.get()), "COMMIT") != 0) {
      return database_error(Failure::unavailable, "commit: the transaction was rolled back");
    }
    return base::done();
  }
  void rollback() override {
    const PGTransactionStatusType status = PQtransactionStatus(connection_.get());
    if (status == PQTRANS_INTRANS || status == PQTRANS_INERROR) {
      const Answer answer(PQexec(connection_.get(), "ROLLBACK"));
    }
  }
  bool in_transaction() const override {
    return PQtransactionStatus(connection_.get()) == PQTRANS_INTRANS;
  }
  bool usable() const override { return PQtransactionStatus(connection_.get()) == PQTRANS_IDLE; }
  std::uint64_t written() const override { return written_; }

  // For check(): reads every row, within the reader's snapshot.
  Result<void> scan(const std::string& schema, const std::string& table) {
    const std::string from = quoted(schema) + "." + quoted(table);
    TRY(execute("SAVEPOINT scan", "check"));
    auto scanned = execute(("SELECT count((t.*)::text) FROM " + from + " t").c_str(), from);
    TRY(execute(scanned.ok() ? "RELEASE scan" : "ROLLBACK TO scan", "check"));
    return scanned;
  }

 private:
  // Of a connection lost since it was last used, one learns only by using it.
  Result<void> begin(const char* sql) {
    if (PQstatus(connection_.get()) == CONNECTION_OK) {
      auto begun = execute(sql, "begin");
      if (begun.ok() || PQstatus(connection_.get()) == CONNECTION_OK) return begun;
    }
    TRY(connect());
    return execute(sql, "begin");
  }

  Result<void> execute(const char* sql, std::string_view doing) {
    const Answer answer(PQexec(connection_.get(), sql));
    if (!succeeded(answer.get())) return error_of(connection_.get(), answer.get(), doing);
    return base::done();
  }

  Result<Answer> ask(const Query& query, Params params) {
    auto answer = ask_prepared(query, params);
    if (!answer.ok()) return noted(std::move(answer).error());
    const std::string_view status = PQcmdStatus(answer->get());
    if (!status.starts_with("SELECT") && *PQcmdTuples(answer->get()) != '0') ++written_;
    return answer;
  }

  Result<Answer> ask_prepared(const Query& query, Params params) {
    const Arguments arguments(params);
    const std::string name = TRY(prepare(query, arguments));
    Answer answer(PQexecPrepared(connection_.get(), name.c_str(), arguments.count(),
                                 arguments.values(), arguments.lengths(), arguments.formats(),
                                 kTextFormat));
    if (!succeeded(answer.get())) return error_of(connection_.get(), answer.get(), query.name);
    return answer;
  }

  // Gives the name of the statement on the server.
  Result<std::string> prepare(const Query& query, const Arguments& arguments) {
    const auto found = prepared_.find(&query);
    if (found != prepared_.end() && found->second.sql.data() == query.sql.data() &&
        found->second.sql.size() == query.sql.size()) {
      return found->second.name;
    }
    std::string name = "truc_" + std::to_string(++last_name_);
    const std::string sql = translate(query.sql, Engine::postgresql);
    const Answer answer(PQprepare(connection_.get(), name.c_str(), sql.c_str(), arguments.count(),
                                  arguments.types()));
    if (!succeeded(answer.get())) return error_of(connection_.get(), answer.get(), query.name);
    prepared_.insert_or_assign(&query, Prepared{query.sql, name});
    return name;
  }

  std::string quoted(const std::string& name) const {
    char* text = PQescapeIdentifier(connection_.get(), name.data(), name.size());
    std::string copy(text ? text : "");
    PQfreemem(text);
    return copy;
  }

  struct Prepared {
    std::string_view sql;  // of the Query, to notice another one at the same address
    std::string name;
  };
  const std::string place_;
  Handle connection_;
  std::unordered_map<const Query*, Prepared> prepared_;
  std::uint64_t last_name_ = 0;
  std::uint64_t written_ = 0;
};

class PostgresBackend : public Backend {
 public:
  explicit PostgresBackend(std::string place) : place_(std::move(place)) {}

  Result<std::unique_ptr<Session>> connect_writer() override { return connect(); }
  Result<std::unique_ptr<Session>> connect_reader() override { return connect(); }

  Result<void> backup(const std::string& path) override {
    auto& files = base::real_files();
    if (files.exists(path)) {
      return Error(base::Code::conflict, "store.backup_exists",
                   "The file is already there: " + path, "Tệp sao lưu đã tồn tại: " + path);
    }
    const auto settings = TRY(environment());
    auto dumped = run_program({"pg_dump", "-Fc", "--no-password", "-f", path}, settings);
    if (!dumped.ok()) {
      if (files.exists(path)) static_cast<void>(files.remove(path));
      return dumped;
    }
    auto file = TRY(files.open(path, base::FileSystem::Mode::read_write));
    TRY(file->sync());
    return files.sync_directory(base::directory_of(path));
  }

  // What the server itself knows to be unfinished or unusable, then every row read once, which
  // shows what is torn (with data checksums on, also what is altered).
  Result<std::vector<std::string>> check(Session& reader) override {
    static constexpr Query kInvalid{
        "store.invalid_objects",
        "SELECT 'index ' || c.relname || ' is not valid' FROM pg_index i"
        " JOIN pg_class c ON c.oid = i.indexrelid WHERE NOT i.indisvalid"
        " UNION ALL SELECT 'constraint ' || conname || ' is not validated' FROM pg_constraint"
        " WHERE NOT convalidated"};
    static constexpr Query kTables{
        "store.tables",
        "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema')"
        " AND n.nspname NOT LIKE 'pg\\_%' ORDER BY 1, 2"};
    std::vector<std::string> findings;
    TRY(reader.each(kInvalid, {}, [&](const Row& row) {
      findings.push_back(row.string(0));
      return true;
    }));
    std::vector<std::pair<std::string, std::string>> tables;
    TRY(reader.each(kTables, {}, [&](const Row& row) {
      tables.emplace_back(row.string(0), row.string(1));
      return true;
    }));
    auto& session = static_cast<PostgresSession&>(reader);  // connect_reader() gave it
    for (const auto& [schema, table] : tables) {
      const auto scanned = session.scan(schema, table);
      if (!scanned.ok()) findings.push_back(scanned.error().detail());
      if (!session.in_transaction()) return scanned.error();
    }
    return findings;
  }

  std::string_view engine() const override { return "postgresql"; }

 private:
  Result<std::unique_ptr<Session>> connect() const {
    auto session = std::make_unique<PostgresSession>(place_);
    TRY(session->connect());
    return std::unique_ptr<Session>(std::move(session));
  }

  // The connection string as libpq's environment variables, so that no password shows in `ps`.
  Result<std::vector<std::pair<std::string, std::string>>> environment() const {
    char* message = nullptr;
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
        PQconninfoParse(place_.c_str(), &message), &PQconninfoFree);
    const std::unique_ptr<char, decltype(&PQfreemem)> said(message, &PQfreemem);
    if (!options) return database_error(Failure::unavailable, message ? message : "out of memory");
    std::vector<std::pair<std::string, std::string>> settings;
    for (const PQconninfoOption* option = options.get(); option->keyword; ++option) {
      if (option->val && option->envvar) settings.emplace_back(option->envvar, option->val);
    }
    return settings;
  }

  const std::string place_;
};

}  // namespace

std::unique_ptr<Backend> open_postgres(std::string place, const Database::Options&) {
  return std::make_unique<PostgresBackend>(std::move(place));
}

}  // namespace store
