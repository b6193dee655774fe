// A server of nothing but uploads, for the tests of other people's tus clients and the benchmark:
//
//   tus_server DIRECTORY [PORT] [LIFETIME_SECONDS]
//
// Prints "listening PORT". Who sends "Authorization: Bearer X" is X; everybody else is refused. GET
// /digest/ID gives size and SHA-256 of what arrived.
#include "http/server.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>

#include "base/hash.h"
#include "base/metrics.h"
#include "base/random.h"
#include "exchange/migrations.h"
#include "exchange/uploads/tus.h"
#include "store/blobs.h"
#include "store/database.h"

namespace {

using base::Result;
using exchange::uploads::Owner;

Result<Owner> who(const http::Head& head, std::string_view) {
  constexpr std::string_view kBearer = "Bearer ";
  const std::string_view header = head.headers["Authorization"];
  if (!header.starts_with(kBearer) || header.size() == kBearer.size()) {
    return base::Error(base::Code::unauthenticated, "test.no_token", "no bearer token");
  }
  return Owner{std::string(header.substr(kBearer.size())), 1};
}

Result<void> serve(const std::string& directory, std::uint16_t port, int lifetime_seconds) {
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  sigaddset(&stop, SIGINT);
  pthread_sigmask(SIG_BLOCK, &stop, nullptr);
  base::FileSystem& files = base::real_files();
  base::SystemRandom random;
  base::SystemClock clock;
  base::Metrics metrics;
  TRY(base::make_directory_durably(files, directory));
  const auto blobs = TRY(store::open_blob_directory(files, random, directory + "/blobs"));
  store::Database::Options records;
  records.url = "sqlite:" + directory + "/truc.db";
  records.before_commit = [&blobs] { return blobs->sync(); };
  const auto database = TRY(store::Database::open(records));
  TRY(exchange::migrate(*database));
  exchange::uploads::Options options;
  options.directory = directory + "/blobs/upload";
  options.upload_bytes_max = std::uint64_t{16} << 30;
  options.lifetime = std::chrono::seconds(lifetime_seconds);
  options.boot = exchange::uploads::machine_boot();
  const auto uploads =
      TRY(exchange::uploads::Uploads::open({files, *database, *blobs, clock, random}, options));
  exchange::uploads::Tus tus(*uploads, who, "/uploads");
  http::Router router;
  router.add(tus.routes());
  router.add({{http::Method::get, "/digest/**", http::Permission::open, 0,
               [&](http::Request& request) {
                 const auto owner = who(request, {});
                 if (!owner) return http::problem(owner.error(), request.target);
                 const auto kept = uploads->keep(*owner, request.path.substr(8));
                 if (!kept) return http::problem(kept.error(), request.target);
                 return http::Response::text(
                     200, "text/plain",
                     std::to_string(kept->size) + " " + base::hex(kept->sha256) + "\n");
               },
               "what arrived"}});
  http::Server::Options listening;
  listening.port = port;
  const auto server = TRY(http::Server::start(listening, router, metrics, random));
  std::printf("listening %u\n", static_cast<unsigned>(server->port()));
  std::fflush(stdout);
  std::jthread sweeper([&](const std::stop_token& stopping) {
    while (!stopping.stop_requested()) {
      if (const auto swept = uploads->sweep(); !swept)
        std::fprintf(stderr, "%s\n", swept.error().detail().c_str());
      std::this_thread::sleep_for(std::chrono::milliseconds(500));
    }
  });
  int signal = 0;
  sigwait(&stop, &signal);
  server->stop(1000);
  return base::done();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: %s DIRECTORY [PORT] [LIFETIME_SECONDS]\n", argv[0]);
    return 2;
  }
  const auto port = static_cast<std::uint16_t>(argc > 2 ? std::atoi(argv[2]) : 0);
  const auto served = serve(argv[1], port, argc > 3 ? std::atoi(argv[3]) : 86400);
  if (!served.ok()) std::fprintf(stderr, "%s\n", served.error().detail().c_str());
  return served.ok() ? 0 : 1;
}
