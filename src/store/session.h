// What an engine supplies; everything above it (writer, readers, migrations) is shared.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "store/connection.h"
#include "store/database.h"

namespace store {

// A connection with its transactions. One thread at a time.
class Session : public Connection {
 public:
  // Takes the lock that makes this the only writer; after a lost connection, connects again.
  virtual base::Result<void> begin_write() = 0;
  // One snapshot for everything read until commit() or rollback().
  virtual base::Result<void> begin_read() = 0;
  // When it is ok, the changes are on disk. After an error: rollback().
  virtual base::Result<void> commit() = 0;
  virtual void rollback() = 0;
  // Whether the transaction that was begun is still there and can be committed.
  virtual bool in_transaction() const = 0;
  // Whether the session may be used again.
  virtual bool usable() const = 0;
  // Grows whenever a statement changes something.
  virtual std::uint64_t written() const = 0;

  // The first error of a statement since forget_failure(). PostgreSQL gives a transaction up after
  // it, so it decides on both engines, whatever the caller makes of it.
  const std::optional<base::Error>& failure() const { return failure_; }
  void forget_failure() { failure_.reset(); }

 protected:
  base::Error noted(base::Error error) {
    if (!failure_) failure_ = error;
    return error;
  }

 private:
  std::optional<base::Error> failure_;
};

class Backend {
 public:
  virtual ~Backend() = default;  // every Session is closed before
  virtual base::Result<std::unique_ptr<Session>> connect_writer() = 0;
  virtual base::Result<std::unique_ptr<Session>> connect_reader() = 0;
  // As in Database. Any thread.
  virtual base::Result<void> backup(const std::string& path) = 0;
  // `reader` is within begin_read().
  virtual base::Result<std::vector<std::string>> check(Session& reader) = 0;
  virtual std::string_view engine() const = 0;
};

// `place` is what follows "sqlite:" in the URL.
std::unique_ptr<Backend> open_sqlite(std::string place, const Database::Options& options);
// `place` is a connection string in either of libpq's forms.
std::unique_ptr<Backend> open_postgres(std::string place, const Database::Options& options);

}  // namespace store
