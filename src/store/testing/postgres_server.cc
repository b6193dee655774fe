#include "store/testing/postgres_server.h"

#include <pwd.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <mutex>
#include <utility>

#include "store/program.h"

namespace store::testing {
namespace {

using base::Result;

constexpr const char* kPrograms = "/usr/lib/postgresql/15/bin/";

base::Error failed(const std::string& what) {
  return base::Error(base::Code::unavailable, "store.test_server", what);
}

// initdb refuses root.
const char* other_user() {
  if (::getuid() != 0) return nullptr;
  return ::getpwnam("postgres") != nullptr ? "postgres" : "nobody";
}

std::string database_of(const std::string& url) { return url.substr(url.rfind('=') + 1); }

}  // namespace

Result<PostgresServer*> PostgresServer::shared() {
  static std::mutex mutex;
  static std::unique_ptr<PostgresServer> server;
  std::lock_guard lock(mutex);
  if (!server) {
    std::unique_ptr<PostgresServer> fresh(new PostgresServer);
    TRY(fresh->start());
    server = std::move(fresh);
  }
  return server.get();
}

Result<void> PostgresServer::start() {
  std::string name = "/tmp/truc-postgres-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) return failed("mkdtemp");
  directory_ = name;
  if (const char* user = other_user()) {
    const passwd* entry = ::getpwnam(user);
    if (entry == nullptr || ::chown(name.c_str(), entry->pw_uid, entry->pw_gid) != 0) {
      return failed("chown");
    }
  }
  TRY(run("initdb", {"-D", name + "/data", "-U", "truc", "-A", "trust", "-E", "UTF8", "--locale=C",
                     "--no-sync"}));
  started_ = true;
  return run("pg_ctl", {"-D", name + "/data", "-w", "-t", "60", "-l", name + "/log", "-o",
                        "-c listen_addresses='' -c unix_socket_directories=" + name +
                            " -c fsync=off -c full_page_writes=off -c max_connections=150"
                            " -c shared_buffers=32MB",
                        "start"});
}

PostgresServer::~PostgresServer() {
  if (started_) {
    static_cast<void>(run("pg_ctl", {"-D", directory_ + "/data", "-w", "-m", "immediate", "stop"}));
  }
  std::error_code ignored;
  if (!directory_.empty()) std::filesystem::remove_all(directory_, ignored);
}

Result<void> PostgresServer::run(const std::string& program,
                                 std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(), kPrograms + program);
  if (const char* user = other_user()) {
    arguments.insert(arguments.begin(), {"runuser", "-u", user, "--"});
  }
  return run_program(arguments, {});
}

Result<void> PostgresServer::sql(const std::string& text) const {
  return run("psql", {"-h", directory_, "-U", "truc", "-d", "postgres", "-q", "-X", "-v",
                      "ON_ERROR_STOP=1", "-c", text});
}

Result<std::string> PostgresServer::create_database() {
  const std::string name = "test_" + std::to_string(++databases_);
  TRY(sql("CREATE DATABASE " + name));
  return "postgresql:host=" + directory_ + " user=truc dbname=" + name;
}

Result<void> PostgresServer::cut_connections(const std::string& url) {
  return sql("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '" +
             database_of(url) + "'");
}

Result<void> PostgresServer::restore(const std::string& archive, const std::string& url) {
  // As this user, who may read the archive.
  return run_program({std::string(kPrograms) + "pg_restore", "-h", directory_, "-U", "truc", "-d",
                      database_of(url), "--exit-on-error", archive},
                     {});
}

}  // namespace store::testing
