// SQL behind one thin interface: SQLite and PostgreSQL run the same text.
//
// Text rules (store/dialect.cc turns them into each engine's own): the column types are
// int64, text, bytes, bool, time (int64 microseconds); parameters are $1, $2, …; ON CONFLICT,
// RETURNING, partial indexes and row values work on both. No SQL is built by concatenation.
#pragma once
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"

namespace store {

// A named statement; a constant with static storage: connections cache the prepared form by
// address.
struct Query {
  std::string_view name;  // "exchange.insert_delivery": appears in errors and metrics
  std::string_view sql;
};

// Bytes as opposed to text, for parameters.
struct Blob {
  base::BytesView bytes;
};

// A parameter; text and bytes are borrowed for the call.
class Param {
 public:
  Param(std::nullptr_t) {}                                          // NOLINT
  Param(std::int64_t v) : value_(v) {}                              // NOLINT
  Param(int v) : value_(std::int64_t{v}) {}                         // NOLINT
  Param(std::uint64_t v) : value_(static_cast<std::int64_t>(v)) {}  // NOLINT
  Param(bool v) : value_(std::int64_t{v}) {}                        // NOLINT
  Param(std::string_view v) : value_(v) {}                          // NOLINT
  Param(const std::string& v) : value_(std::string_view(v)) {}      // NOLINT
  Param(const char* v) : value_(std::string_view(v)) {}             // NOLINT
  Param(Blob v) : value_(v) {}                                      // NOLINT
  Param(base::Time v) : value_(base::to_micros(v)) {}               // NOLINT
  template <class T>
  Param(const std::optional<T>& v) : Param(v ? Param(*v) : Param(nullptr)) {}  // NOLINT
  const auto& value() const { return value_; }

 private:
  std::variant<std::nullptr_t, std::int64_t, std::string_view, Blob> value_ = nullptr;
};
using Params = std::initializer_list<Param>;

// One row of an answer; what it lends is valid until the callback returns.
class Row {
 public:
  virtual ~Row() = default;
  virtual bool is_null(int column) const = 0;
  virtual std::int64_t integer(int column) const = 0;   // 0 for null
  virtual std::string_view text(int column) const = 0;  // empty for null
  virtual base::BytesView bytes(int column) const = 0;  // empty for null
  std::string string(int column) const { return std::string(text(column)); }
  base::Time time(int column) const { return base::from_micros(integer(column)); }
  // Nothing for null.
  std::optional<base::Time> optional_time(int column) const {
    return is_null(column) ? std::nullopt : std::optional(time(column));
  }
};

// One session with the database. One thread at a time.
// Errors: store.locked, store.full, store.unavailable (Code::unavailable), store.damaged
// (Code::data_loss), store.constraint (Code::conflict: a UNIQUE, CHECK or NOT NULL said no),
// store.bad_statement (Code::internal).
class Connection {
 public:
  virtual ~Connection() = default;
  // Runs a statement that changes rows; gives their number.
  virtual base::Result<std::int64_t> run(const Query& query, Params params) = 0;
  // Calls `row` for each row of the answer until it returns false.
  virtual base::Result<void> each(const Query& query, Params params,
                                  const std::function<bool(const Row&)>& row) = 0;
  // Several statements at once, without parameters (migrations).
  virtual base::Result<void> script(std::string_view sql) = 0;
  // Runs `query` and passes its first row to `row`; false when the answer is empty.
  base::Result<bool> first(const Query& query, Params params,
                           const std::function<void(const Row&)>& row);
  // The single integer of a query, or nothing when there is no row (or it is null).
  base::Result<std::optional<std::int64_t>> integer(const Query& query, Params params);
};

}  // namespace store
