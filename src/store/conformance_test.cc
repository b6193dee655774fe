// What Database promises, on each engine.
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/testing/temp_directory.h"
#include "store/database.h"
#include "store/testing/postgres_server.h"

namespace store {
namespace {

using base::Code;
using base::Error;
using base::Lane;
using base::Result;

constexpr Migration kThings{"test", 1, "things", R"sql(
  CREATE TABLE things (
    id int64 PRIMARY KEY,
    name text NOT NULL UNIQUE,
    body bytes,
    open bool NOT NULL DEFAULT 0,
    at time
  );
  CREATE TABLE parts (
    thing int64 NOT NULL REFERENCES things (id) DEFERRABLE INITIALLY DEFERRED,
    number int64 NOT NULL CHECK (number > 0),
    PRIMARY KEY (thing, number)
  );
  CREATE INDEX open_things ON things (at) WHERE open = 1;
)sql"};
constexpr Query kInsert{
    "test.insert", "INSERT INTO things (id, name, body, open, at) VALUES ($1, $2, $3, $4, $5)"};
constexpr Query kAdd{"test.add", "INSERT INTO things (id, name) VALUES ($1, $2)"};
constexpr Query kAddPart{"test.add_part", "INSERT INTO parts (thing, number) VALUES ($1, $2)"};
constexpr Query kSelect{"test.select", "SELECT id, name, body, open, at FROM things WHERE id = $1"};
constexpr Query kCount{"test.count", "SELECT count(*) FROM things"};
constexpr Query kNames{"test.names", "SELECT name FROM things ORDER BY name"};
constexpr Query kOrder{"test.order", "SELECT name FROM things ORDER BY id"};
constexpr Query kBad{"test.bad", "SELECT nothing FROM nowhere"};

std::string name_of(std::int64_t id) { return "thing " + std::to_string(id); }

class Conformance : public ::testing::TestWithParam<const char*> {
 protected:
  bool postgres() const { return std::string(GetParam()) == "postgresql"; }

  void SetUp() override {
    if (postgres()) {
      auto server = testing::PostgresServer::shared();
      ASSERT_TRUE(server.ok()) << server.error().detail();
      server_ = *server;
      auto url = server_->create_database();
      ASSERT_TRUE(url.ok()) << url.error().detail();
      url_ = *url;
    } else {
      url_ = "sqlite:" + (directory_ / "test.db");
    }
    open();
    auto migrated = database_->migrate({kThings});
    ASSERT_TRUE(migrated.ok()) << migrated.error().detail();
  }

  Database::Options options() const {
    Database::Options options;
    options.url = url_;
    return options;
  }
  void open() { open(options()); }
  void open(const Database::Options& options) {
    database_.reset();
    auto opened = Database::open(options);
    ASSERT_TRUE(opened.ok()) << opened.error().detail();
    database_ = std::move(opened).value();
  }
  Result<void> add(std::int64_t id, Lane lane = Lane::normal) {
    return database_->write(
        [&](Connection& connection) -> Result<void> {
          TRY(connection.run(kAdd, {id, name_of(id)}));
          return base::done();
        },
        lane);
  }
  std::int64_t count() {
    std::int64_t number = -1;
    auto read = database_->read([&](Connection& connection) -> Result<void> {
      number = TRY(connection.integer(kCount, {})).value_or(-2);
      return base::done();
    });
    EXPECT_TRUE(read.ok()) << read.error().detail();
    return number;
  }
  // The first column of every row, each with a comma.
  std::string texts(const Query& query) {
    std::string all;
    const auto read = database_->read([&](Connection& connection) {
      return connection.each(query, {}, [&](const Row& row) {
        all += row.string(0) + ",";
        return true;
      });
    });
    EXPECT_TRUE(read.ok());
    return all;
  }
  // Occupies the writer until released, so that what is written meanwhile forms one group.
  class Gate {
   public:
    explicit Gate(Database& database)
        : thread_([this, &database] {
            EXPECT_TRUE(database
                            .write([&](Connection&) -> Result<void> {
                              inside_.set_value();
                              release_.get_future().wait();
                              return base::done();
                            })
                            .ok());
          }) {
      inside_.get_future().wait();
    }
    void open_when_waiting(const Database& database, std::size_t many) {
      while (database.waiting() < many) std::this_thread::yield();
      release_.set_value();
      thread_.join();
    }

   private:
    std::promise<void> inside_, release_;
    std::thread thread_;
  };

  base::testing::TempDirectory directory_;
  testing::PostgresServer* server_ = nullptr;
  std::string url_;
  std::unique_ptr<Database> database_;
};

TEST_P(Conformance, KeepsEveryTypeAsItWas) {
  const std::string bytes("\0\x01\xff raw \0", 9);
  const std::string text = "Công văn số 15/UBND-VX";
  const base::Time at = base::from_micros(1'790'000'000'123'456);
  ASSERT_TRUE(
      database_
          ->write([&](Connection& connection) -> Result<void> {
            EXPECT_EQ(TRY(connection.run(kInsert, {INT64_MAX, text, Blob{bytes}, true, at})), 1);
            TRY(connection.run(kInsert, {INT64_MIN, "", Blob{""}, false, nullptr}));
            TRY(connection.run(kInsert,
                               {0, "nulls", nullptr, false, std::optional<std::int64_t>()}));
            return base::done();
          })
          .ok());
  auto read = database_->read([&](Connection& connection) -> Result<void> {
    EXPECT_TRUE(TRY(connection.first(kSelect, {INT64_MAX}, [&](const Row& row) {
      EXPECT_EQ(row.integer(0), INT64_MAX);
      EXPECT_EQ(row.text(1), text);
      EXPECT_EQ(row.bytes(2), bytes);
      EXPECT_EQ(row.integer(3), 1);
      EXPECT_EQ(row.time(4), at);
      EXPECT_EQ(row.optional_time(4), at);
    })));
    EXPECT_TRUE(TRY(connection.first(kSelect, {INT64_MIN}, [&](const Row& row) {
      EXPECT_EQ(row.integer(0), INT64_MIN);
      EXPECT_EQ(row.string(1), "");
      EXPECT_FALSE(row.is_null(1));
      EXPECT_FALSE(row.is_null(2));
      EXPECT_EQ(row.bytes(2), "");
    })));
    EXPECT_TRUE(TRY(connection.first(kSelect, {0}, [&](const Row& row) {
      EXPECT_TRUE(row.is_null(2));
      EXPECT_EQ(row.bytes(2), "");
      EXPECT_TRUE(row.is_null(4));
      EXPECT_EQ(row.integer(4), 0);
      EXPECT_FALSE(row.optional_time(4));
    })));
    EXPECT_FALSE(TRY(connection.first(kSelect, {17}, [](const Row&) { ADD_FAILURE(); })));
    return base::done();
  });
  ASSERT_TRUE(read.ok()) << read.error().detail();
}

TEST_P(Conformance, RunsTheSameStatements) {
  static constexpr Query kUpsert{
      "test.upsert",
      "INSERT INTO things (id, name) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = "
      "excluded.name RETURNING name"};
  static constexpr Query kAfter{"test.after",
                                "SELECT id FROM things WHERE (name, id) > ($1, $2) ORDER BY name, "
                                "id LIMIT $3"};
  static constexpr Query kExists{"test.exists",
                                 "SELECT EXISTS (SELECT 1 FROM things WHERE id = $1)"};
  static constexpr Query kLike{"test.like", "SELECT count(*) FROM things WHERE name LIKE $1"};
  static constexpr Query kSum{"test.sum", "SELECT sum(id) FROM things"};
  static constexpr Query kDelete{"test.delete", "DELETE FROM things WHERE id >= $1"};
  auto written = database_->write([&](Connection& connection) -> Result<void> {
    for (int id = 1; id <= 5; ++id) TRY(connection.run(kAdd, {id, name_of(id)}));
    std::string name;
    TRY(connection.first(kUpsert, {3, "Ba"}, [&](const Row& row) { name = row.string(0); }));
    EXPECT_EQ(name, "Ba");
    EXPECT_EQ(TRY(connection.integer(kAfter, {"thing 1", 1, 2})), 2);
    EXPECT_EQ(TRY(connection.integer(kExists, {3})), 1);
    EXPECT_EQ(TRY(connection.integer(kExists, {9})), 0);
    EXPECT_EQ(TRY(connection.integer(kSum, {})), 15);
    EXPECT_EQ(TRY(connection.integer(kLike, {"thing%"})), 4);
    EXPECT_EQ(TRY(connection.integer(kLike, {"THING%"})), 0);
    EXPECT_EQ(TRY(connection.run(kDelete, {4})), 2);
    EXPECT_EQ(TRY(connection.run(kDelete, {4})), 0);
    EXPECT_EQ(TRY(connection.integer(kSum, {})), 6);
    TRY(connection.run(kDelete, {0}));
    EXPECT_EQ(TRY(connection.integer(kSum, {})), std::nullopt);
    return base::done();
  });
  ASSERT_TRUE(written.ok()) << written.error().detail();
}

TEST_P(Conformance, SortsTextByItsBytes) {
  ASSERT_TRUE(database_
                  ->write([&](Connection& connection) -> Result<void> {
                    int id = 0;
                    for (const char* name : {"b", "A", "Đ", "a", "B", "_"}) {
                      TRY(connection.run(kAdd, {++id, name}));
                    }
                    return base::done();
                  })
                  .ok());
  EXPECT_EQ(texts(kNames), "A,B,_,a,b,Đ,");
}

TEST_P(Conformance, AsksTheSameAgainInsideItsOwnAnswer) {
  for (int id = 1; id <= 3; ++id) ASSERT_TRUE(add(id).ok());
  std::string seen;
  const auto read = database_->read([&](Connection& connection) {
    return connection.each(kNames, {}, [&](const Row& outer) {
      const auto first = connection.first(kNames, {}, [&](const Row& r) { seen += r.string(0); });
      EXPECT_TRUE(first.ok());
      seen += "-" + outer.string(0) + " ";
      return true;
    });
  });
  EXPECT_TRUE(read.ok());
  EXPECT_EQ(seen, "thing 1-thing 1 thing 1-thing 2 thing 1-thing 3 ");
}

TEST_P(Conformance, NamesTheKindOfError) {
  ASSERT_TRUE(add(1).ok());
  EXPECT_EQ(add(1).error().reason(), "store.constraint");
  EXPECT_EQ(add(1).error().code(), Code::conflict);
  const auto attempt = [&](const Query& query, Params params) {
    return database_->write([&](Connection& connection) -> Result<void> {
      TRY(connection.run(query, params));
      return base::done();
    });
  };
  EXPECT_EQ(attempt(kAdd, {2, nullptr}).error().reason(), "store.constraint");
  EXPECT_EQ(attempt(kAddPart, {1, 0}).error().reason(), "store.constraint");
  EXPECT_EQ(attempt(kAddPart, {99, 1}).error().reason(), "store.constraint") << "at the commit";
  const auto bad = attempt(kBad, {});
  EXPECT_EQ(bad.error().reason(), "store.bad_statement");
  EXPECT_EQ(bad.error().code(), Code::internal);
  EXPECT_NE(bad.error().detail().find("test.bad"), std::string::npos);
  EXPECT_EQ(attempt(kAdd, {2}).error().reason(), "store.bad_statement");
  EXPECT_EQ(count(), 1);
  EXPECT_TRUE(attempt(kAddPart, {1, 1}).ok());
}

TEST_P(Conformance, AFailedStatementFailsTheChange) {
  ASSERT_TRUE(add(1).ok());
  const auto written = database_->write([&](Connection& connection) -> Result<void> {
    EXPECT_FALSE(connection.run(kAdd, {1, "again"}).ok());
    return base::done();
  });
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(written.error().reason(), "store.constraint");
}

TEST_P(Conformance, ReadersCannotWriteAndSeeOneSnapshot) {
  ASSERT_TRUE(add(1).ok());
  EXPECT_FALSE(database_
                   ->read([&](Connection& connection) -> Result<void> {
                     TRY(connection.run(kAdd, {2, "two"}));
                     return base::done();
                   })
                   .ok());
  EXPECT_EQ(count(), 1);
  auto read = database_->read([&](Connection& connection) -> Result<void> {
    EXPECT_EQ(TRY(connection.integer(kCount, {})), 1);
    EXPECT_TRUE(add(2).ok());
    EXPECT_EQ(TRY(connection.integer(kCount, {})), 1);
    return base::done();
  });
  EXPECT_TRUE(read.ok());
  EXPECT_EQ(count(), 2) << "a read sees every write that returned before";
  const auto failed = database_->read([](Connection&) -> Result<void> {
    return Error(Code::not_found, "test.not_there", "not there");
  });
  EXPECT_EQ(failed.error().reason(), "test.not_there");
}

TEST_P(Conformance, GathersWaitingChangesIntoOneCommit) {
  std::atomic<int> before_commits = 0;
  auto options = this->options();
  options.before_commit = [&]() -> Result<void> {
    ++before_commits;
    return base::done();
  };
  open(options);
  Gate gate(*database_);
  std::vector<std::thread> threads;
  for (int id = 1; id <= 20; ++id) {
    threads.emplace_back([&, id] { EXPECT_TRUE(add(id).ok()); });
  }
  gate.open_when_waiting(*database_, 20);
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(database_->commits(), 2U) << "the gate's, and one for all of them";
  EXPECT_EQ(database_->changes(), 21U);
  EXPECT_EQ(before_commits, 2);
  EXPECT_EQ(count(), 20);
}

TEST_P(Conformance, AFailingNeighbourFailsAlone) {
  Gate gate(*database_);
  std::vector<std::thread> threads;
  std::atomic<int> runs = 0, failures = 0;
  for (int id = 1; id <= 12; ++id) {
    threads.emplace_back([&, id] {
      const auto written = database_->write([&](Connection& connection) -> Result<void> {
        ++runs;
        TRY(connection.run(kAdd, {id, name_of(id)}));
        if (id % 4 == 0) return Error(Code::conflict, "test.refused", "after it had written");
        return base::done();
      });
      if (!written.ok()) {
        ++failures;
        EXPECT_EQ(written.error().reason(), "test.refused");
        EXPECT_EQ(id % 4, 0);
      }
    });
  }
  gate.open_when_waiting(*database_, 12);
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(failures, 3);
  EXPECT_GT(runs, 12) << "the group was run again, each alone";
  EXPECT_EQ(count(), 9);
}

TEST_P(Conformance, AChangeThatFailsBeforeItWroteDisturbsNobody) {
  Gate gate(*database_);
  std::vector<std::thread> threads;
  std::atomic<int> runs = 0;
  for (int id = 1; id <= 8; ++id) {
    threads.emplace_back([&, id] {
      const auto written = database_->write([&](Connection& connection) -> Result<void> {
        ++runs;
        if (id % 2 == 0) return Error(Code::conflict, "test.refused", "at once");
        TRY(connection.run(kAdd, {id, name_of(id)}));
        return base::done();
      });
      EXPECT_EQ(written.ok(), id % 2 == 1);
    });
  }
  gate.open_when_waiting(*database_, 8);
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(runs, 8);
  EXPECT_EQ(database_->commits(), 1U + 1U + 2U)
      << "one for the group, one for the gate, two for the migration";
  EXPECT_EQ(count(), 4);
}

TEST_P(Conformance, BlamesADeferredConstraintOnItsOwnChange) {
  ASSERT_TRUE(add(1).ok());
  Gate gate(*database_);
  std::vector<std::thread> threads;
  for (int thing = 1; thing <= 2; ++thing) {
    threads.emplace_back([&, thing] {
      const auto written = database_->write([&](Connection& connection) -> Result<void> {
        TRY(connection.run(kAddPart, {thing, 1}));
        return base::done();
      });
      EXPECT_EQ(written.ok(), thing == 1);
      if (thing == 2) {
        EXPECT_EQ(written.error().reason(), "store.constraint");
      }
    });
  }
  gate.open_when_waiting(*database_, 2);
  for (auto& thread : threads) thread.join();
}

TEST_P(Conformance, AFailureBeforeTheCommitFailsEveryChange) {
  std::atomic<bool> broken = true;
  auto options = this->options();
  options.before_commit = [&]() -> Result<void> {
    if (broken) return Error(Code::unavailable, "test.disk", "no sync");
    return base::done();
  };
  open(options);
  EXPECT_EQ(add(1).error().reason(), "test.disk");
  EXPECT_EQ(count(), 0);
  broken = false;
  EXPECT_TRUE(add(1).ok());
  EXPECT_EQ(count(), 1);
}

TEST_P(Conformance, TakesTheUrgentLaneFirst) {
  auto options = this->options();
  options.group_changes_max = 1;
  open(options);
  Gate gate(*database_);
  std::atomic<int> next = 1;
  std::vector<std::thread> threads;
  const auto write = [&](const char* name, Lane lane) {
    const std::size_t before = database_->waiting();
    threads.emplace_back([&, name, lane] {
      EXPECT_TRUE(database_
                      ->write(
                          [&](Connection& connection) -> Result<void> {
                            TRY(connection.run(kAdd, {next++, name}));
                            return base::done();
                          },
                          lane)
                      .ok());
    });
    while (database_->waiting() == before) std::this_thread::yield();
  };
  write("normal", Lane::normal);
  write("urgent 1", Lane::urgent);
  write("urgent 2", Lane::urgent);
  gate.open_when_waiting(*database_, 3);
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(texts(kOrder), "urgent 1,urgent 2,normal,");
}

TEST_P(Conformance, RefusesWhatTooManyWaitFor) {
  auto options = this->options();
  options.waiting_max = 2;
  open(options);
  Gate gate(*database_);
  std::vector<std::thread> threads;
  for (int id = 1; id <= 2; ++id) threads.emplace_back([&, id] { EXPECT_TRUE(add(id).ok()); });
  while (database_->waiting() < 2) std::this_thread::yield();
  const auto refused = add(3);
  EXPECT_EQ(refused.error().reason(), "store.busy");
  EXPECT_EQ(refused.error().code(), Code::unavailable);
  gate.open_when_waiting(*database_, 2);
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(count(), 2);
}

TEST_P(Conformance, ServesThirtyTwoThreadsAtOnce) {
  constexpr int kThreads = 32, kEach = 25;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < kEach; ++i) {
        const std::int64_t id = thread * kEach + i;
        EXPECT_TRUE(add(id, i % 3 == 0 ? Lane::urgent : Lane::normal).ok());
        bool found = false;
        EXPECT_TRUE(database_
                        ->read([&](Connection& connection) -> Result<void> {
                          found = TRY(connection.first(kSelect, {id}, [](const Row&) {}));
                          return base::done();
                        })
                        .ok());
        EXPECT_TRUE(found) << id;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(count(), kThreads * kEach);
}

TEST_P(Conformance, CommitsOnTheCallersThreadWhenAsked) {
  auto options = this->options();
  options.own_writer_thread = false;
  open(options);
  const auto here = std::this_thread::get_id();
  ASSERT_TRUE(database_
                  ->write([&](Connection& connection) -> Result<void> {
                    EXPECT_EQ(std::this_thread::get_id(), here);
                    TRY(connection.run(kAdd, {1, "one"}));
                    return base::done();
                  })
                  .ok());
  EXPECT_EQ(count(), 1);
}

TEST_P(Conformance, TwoDatabasesOfOnePlaceWriteInTurn) {
  auto second = Database::open(options());
  ASSERT_TRUE(second.ok());
  std::vector<std::thread> threads;
  for (Database* database : {database_.get(), second->get()}) {
    threads.emplace_back([&, database] {
      for (int i = 0; i < 50; ++i) {
        const auto written = database->write([&](Connection& connection) -> Result<void> {
          // A chain: each row follows from the one before.
          const auto last = TRY(connection.integer(kCount, {})).value_or(0);
          TRY(connection.run(kAdd, {last + 1, name_of(last + 1)}));
          return base::done();
        });
        EXPECT_TRUE(written.ok()) << written.error().detail();
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(count(), 100);
}

TEST_P(Conformance, MigratesForwardOnceAndInOrder) {
  constexpr Migration kSecond{"test", 2, "colour", "ALTER TABLE things ADD COLUMN colour text"};
  constexpr Migration kOther{"other", 1, "other", "CREATE TABLE other (a int64)"};
  ASSERT_TRUE(database_->migrate({kThings, kSecond, kOther}).ok());
  ASSERT_TRUE(database_->migrate({kThings, kSecond, kOther}).ok()) << "nothing to do";
  const auto older = database_->migrate({kThings});
  EXPECT_EQ(older.error().reason(), "store.schema_newer");
  Migration changed = kThings;
  changed.sql = "CREATE TABLE things (id int64)";
  EXPECT_EQ(database_->migrate({changed, kSecond}).error().reason(), "store.migration_changed");
  Migration gap = kSecond;
  gap.number = 4;
  EXPECT_EQ(database_->migrate({kThings, kSecond, gap}).error().reason(), "store.migration_order");
}

TEST_P(Conformance, AStepThatFailsLeavesNothing) {
  constexpr Migration kBroken{"broken", 1, "broken",
                              "CREATE TABLE half (a int64); CREATE TABLE half (a int64);"};
  constexpr Migration kWhole{"broken", 1, "broken", "CREATE TABLE half (a int64);"};
  EXPECT_FALSE(database_->migrate({kThings, kBroken}).ok());
  EXPECT_TRUE(database_->migrate({kThings, kWhole}).ok());
}

TEST_P(Conformance, BacksUpWhileWritersGoOn) {
  for (int id = 1; id <= 200; ++id) ASSERT_TRUE(add(id).ok());
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    for (std::int64_t id = 1000; !stop; ++id) EXPECT_TRUE(add(id).ok());
  });
  const std::string path = directory_ / "copy";
  const auto copied = database_->backup(path);
  stop = true;
  writer.join();
  ASSERT_TRUE(copied.ok()) << copied.error().detail();
  EXPECT_EQ(database_->backup(path).error().reason(), "store.backup_exists");
  std::string copy_url = "sqlite:" + path;
  if (postgres()) {
    auto url = server_->create_database();
    ASSERT_TRUE(url.ok());
    const auto restored = server_->restore(path, *url);
    ASSERT_TRUE(restored.ok()) << restored.error().detail();
    copy_url = *url;
  }
  database_.reset();
  url_ = copy_url;
  open();
  EXPECT_GE(count(), 200);
  EXPECT_TRUE(database_->migrate({kThings}).ok());
  const auto findings = database_->check();
  ASSERT_TRUE(findings.ok()) << findings.error().detail();
  EXPECT_TRUE(findings->empty());
}

TEST_P(Conformance, KeepsWhatWasCommittedWhenOpenedAgain) {
  for (int id = 1; id <= 10; ++id) ASSERT_TRUE(add(id).ok());
  open();
  EXPECT_EQ(count(), 10);
  const auto findings = database_->check();
  ASSERT_TRUE(findings.ok());
  EXPECT_TRUE(findings->empty());
  EXPECT_EQ(database_->engine(), GetParam());
}

INSTANTIATE_TEST_SUITE_P(Engines, Conformance, ::testing::Values("sqlite", "postgresql"),
                         [](const auto& engine) { return std::string(engine.param); });

class OnlyPostgres : public Conformance {};

TEST_P(OnlyPostgres, ConnectsAgainAfterTheServerHungUp) {
  ASSERT_TRUE(add(1).ok());
  EXPECT_EQ(count(), 1);
  ASSERT_TRUE(server_->cut_connections(url_).ok());
  EXPECT_TRUE(add(2).ok());
  EXPECT_EQ(count(), 2);
  const auto cut_inside = database_->write([&](Connection& connection) -> Result<void> {
    EXPECT_TRUE(server_->cut_connections(url_).ok());
    TRY(connection.run(kAdd, {3, "three"}));
    return base::done();
  });
  EXPECT_EQ(cut_inside.error().reason(), "store.unavailable");
  EXPECT_TRUE(add(3).ok());
  EXPECT_EQ(count(), 3);
}

INSTANTIATE_TEST_SUITE_P(Engines, OnlyPostgres, ::testing::Values("postgresql"));

}  // namespace
}  // namespace store
