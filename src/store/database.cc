#include "store/database.h"

#include <string>
#include <utility>

#include "base/time.h"
#include "store/migrate.h"
#include "store/readers.h"
#include "store/session.h"
#include "store/writer.h"

namespace store {
namespace {

using base::Result;

class EngineDatabase : public Database {
 public:
  EngineDatabase(std::unique_ptr<Backend> backend, std::unique_ptr<Session> writer,
                 const Options& options)
      : backend_(std::move(backend)),
        readers_(*backend_, options.readers_max),
        writer_(std::move(writer), options) {}

  Result<void> migrate(const std::vector<Migration>& migrations) override {
    const base::SystemClock clock;
    return apply_migrations([&](const auto& change) { return write(change, base::Lane::urgent); },
                            clock, migrations);
  }
  Result<void> write(const std::function<Result<void>(Connection&)>& change,
                     base::Lane lane) override {
    return writer_.write(change, lane);
  }
  Result<void> read(const std::function<Result<void>(Connection&)>& work) override {
    return readers_.read([&](Session& session) { return work(session); });
  }
  Result<void> backup(const std::string& path) override { return backend_->backup(path); }
  Result<std::vector<std::string>> check() override {
    std::vector<std::string> findings;
    TRY(readers_.read([&](Session& session) -> Result<void> {
      findings = TRY(backend_->check(session));
      return base::done();
    }));
    return findings;
  }
  std::uint64_t commits() const override { return writer_.commits(); }
  std::uint64_t changes() const override { return writer_.changes(); }
  std::size_t waiting() const override { return writer_.waiting(); }
  std::string_view engine() const override { return backend_->engine(); }

 private:
  const std::unique_ptr<Backend> backend_;
  Readers readers_;
  Writer writer_;
};

}  // namespace

Result<std::unique_ptr<Database>> Database::open(Options options) {
  const std::string_view url = options.url;
  std::unique_ptr<Backend> backend;
  if (url.starts_with("sqlite:") && url.size() > 7 && url.substr(7) != ":memory:") {
    backend = open_sqlite(std::string(url.substr(7)), options);
  } else if (url.starts_with("postgresql://") || url.starts_with("postgres://")) {
    backend = open_postgres(std::string(url), options);
  } else if (url.starts_with("postgresql:")) {
    backend = open_postgres(std::string(url.substr(11)), options);
  } else {
    return base::Error(base::Code::invalid, "store.bad_url",
                       "The database URL must be sqlite:PATH, postgresql://… or "
                       "postgresql:host=… dbname=…",
                       "Địa chỉ cơ sở dữ liệu phải có dạng sqlite:ĐƯỜNG_DẪN, postgresql://… hoặc "
                       "postgresql:host=… dbname=…");
  }
  std::unique_ptr<Session> writer = TRY(backend->connect_writer());
  return std::unique_ptr<Database>(
      std::make_unique<EngineDatabase>(std::move(backend), std::move(writer), options));
}

}  // namespace store
