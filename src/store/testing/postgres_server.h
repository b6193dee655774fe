// A PostgreSQL server of its own for a test program: on a Unix socket in a temporary directory, no
// TCP, without fsync. Started once, stopped when the program ends.
#pragma once
#include <string>
#include <vector>

#include "base/result.h"

namespace store::testing {

class PostgresServer {
 public:
  // The one of this program; an error says what initdb or the server said.
  static base::Result<PostgresServer*> shared();
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  // An empty database; gives its URL for Database::Options.
  base::Result<std::string> create_database();
  // Cuts every connection to the database of that URL, as a restart of the server would.
  base::Result<void> cut_connections(const std::string& url);
  // Loads an archive of pg_dump into an empty database.
  base::Result<void> restore(const std::string& archive, const std::string& url);

 private:
  PostgresServer() = default;
  base::Result<void> start();
  // Runs a program of PostgreSQL as the user that owns the server.
  base::Result<void> run(const std::string& program, std::vector<std::string> arguments) const;
  base::Result<void> sql(const std::string& text) const;

  std::string directory_;
  bool started_ = false;
  int databases_ = 0;
};

}  // namespace store::testing
