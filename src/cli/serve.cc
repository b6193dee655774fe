#include "cli/serve.h"

#include <pthread.h>

#include <csignal>
#include <cstdio>
#include <filesystem>

#include "base/log.h"
#include "base/text.h"
#include "cli/anchor_acts.h"
#include "cli/background.h"
#include "cli/bundles.h"
#include "cli/certificate_expiry.h"
#include "cli/commands.h"
#include "cli/operation.h"
#include "cli/platform.h"
#include "cli/site.h"
#include "exchange/rest/api.h"
#include "exchange/rest/face.h"
#include "exchange/rest/log.h"
#include "exchange/rest/noted_calls.h"
#include "exchange/rest/openapi.h"
#include "exchange/rest/resources.h"
#include "exchange/rest/token.h"
#include "exchange/vxp/face.h"
#include "http/server.h"
#include "insight/rows.h"
#include "trust/log/witness_schedule.h"
#include "web/app.h"

namespace cli {
namespace {

using store::journal::ChainWatch;

constexpr int kGraceMs = 10000;
constexpr std::size_t kBodyMemory = 256 << 20;

base::Result<http::Server::Options> server_options(const base::Config& config,
                                                   const std::string& listen) {
  http::Server::Options options;
  TRY(set_address(options, listen.empty() ? config.text("server.listen") : listen));
  options.certificate_file = config.text("server.certificate");
  options.key_file = config.text("server.key");
  options.plain_anywhere = config.boolean("server.plain_anywhere");
  options.loops = static_cast<int>(config.integer("server.loops"));
  options.workers = static_cast<int>(config.integer("server.workers"));
  options.connections_max = static_cast<std::size_t>(config.integer("server.connections_max"));
  options.client_ca_file = config.text("server.client_ca");
  options.streams_max = static_cast<std::size_t>(config.integer("server.streams_max"));
  options.waits_max = static_cast<std::size_t>(config.integer("server.waits_max"));
  // A flood of ordinary documents waits inside rather than being read and refused again and again:
  // that leaves the network thread free to find the urgent ones.
  options.memory_for_bodies = kBodyMemory;
  options.waiting_max = static_cast<std::size_t>(config.integer("server.waiting_max"));
  return options;
}

base::Result<void> set_log_level(const std::string& name) {
  using base::log::Level;
  for (const auto& [text, level] :
       {std::pair{"debug", Level::debug}, std::pair{"info", Level::info},
        std::pair{"warning", Level::warning}, std::pair{"error", Level::error}}) {
    if (name != text) continue;
    base::log::set_level(level);
    return base::done();
  }
  return base::Error(base::Code::invalid, "base.config_bad_value",
                     "log.level must be debug, info, warning or error",
                     "log.level phải là debug, info, warning hoặc error");
}

// Before the threads that ask for it. A damaged index keeps nobody from exchanging documents.
search::Index* open_search(Site& site) {
  if (!site.config.boolean("search.index")) return nullptr;
  const auto index = site.search();
  if (index) return *index;
  base::log::error("serve.search_unavailable",
                   {{"reason", index.error().reason()}, {"detail", index.error().detail()}});
  return nullptr;
}

base::Result<exchange::rest::Verification> verification_of(const std::string& directory) {
  exchange::rest::Verification made;
  made.anchors = TRY(load_anchors(anchors_path(directory)));
  if (base::real_files().exists(log_key_path(directory))) {
    const auto signer = TRY(read_log_key(directory));
    made.log_key = signer->verifier();
  }
  return made;
}

// The transparency log as strangers ask about it.
base::Result<std::vector<exchange::rest::Route>> log_rows_of(
    Site& site, exchange::Exchange& exchange, const exchange::rest::Verification& verification) {
  std::vector<trust::log::NoteVerifier> witnesses;
  const auto named = TRY(trust::log::parse_witnesses(site.config.text("evidence.witnesses")));
  for (const auto& one : named) witnesses.push_back(one.key);
  return exchange::rest::log_rows(exchange,
                                  site.evidence() != nullptr ? verification.log_key : std::nullopt,
                                  std::move(witnesses));
}

base::Result<std::unique_ptr<exchange::rest::Face>> make_api(
    Site& site, exchange::Exchange& exchange, exchange::BundleMaker* bundles,
    ServedPlatform& platform, const ChainWatch& chain,
    const exchange::rest::Verification& verification) {
  exchange::rest::Face::Options options;
  options.callers = {site.config.integer("api.burst"), site.config.integer("api.per_minute"),
                     site.config.integer("api.per_day")};
  base::Bytes secret = TRY(read_site_key(site.directory));
  identity::Identity& identity = *TRY(site.identity());
  register_anchor_acts(identity.approvals, anchors_path(site.directory));
  search::Index* const index = open_search(site);
  const exchange::rest::Authenticate authenticate =
      exchange::rest::noting_calls(exchange, identity.authenticator);
  auto api = std::make_unique<exchange::rest::Face>(
      exchange::rest::Face::Parts{*site.database, site.clock, site.random, site.metrics,
                                  authenticate, std::move(secret),
                                  exchange::rest::noting_refusals(exchange)},
      options);
  exchange::rest::ApiOptions rows;
  rows.verification = &verification;
  rows.document_bytes_max =
      static_cast<std::uint64_t>(site.config.integer("exchange.document_mib_max")) << 20;
  rows.spool_directory = site.directory;
  rows.streams_of_caller_max = static_cast<std::size_t>(site.config.integer("api.streams"));
  rows.bundles = bundles;
  exchange::uploads::Uploads* const uploads = TRY(site.uploads());
  const exchange::rest::ApiParts parts{exchange,         identity, site.random,  *site.feed(),
                                       *site.webhooks(), *uploads, site.metrics, index,
                                       authenticate,     &chain,   &platform};
  api->add(exchange::rest::api(parts, rows));
  api->add(exchange::rest::quota_rows(*api));
  insight::Rollup* const figures = TRY(site.insight());
  api->add(insight::rows(*figures));
  auto log = TRY(log_rows_of(site, exchange, verification));
  api->add(std::move(log));
  api->add(exchange::rest::description_rows(*api));
  return api;
}

// Null when there is none beside the program and none was named.
base::Result<std::unique_ptr<web::App>> web_application(const base::Config& config) {
  const std::string named = config.text("web.directory");
  if (!named.empty()) return web::App::load(named);
  std::error_code failed;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", failed);
  const auto beside = program.parent_path().parent_path() / "share/truc/web";
  if (failed || !std::filesystem::exists(beside / "index.html", failed)) {
    return std::unique_ptr<web::App>();
  }
  return web::App::load(beside.string());
}

void add_gauges(Site& site, exchange::Exchange& exchange) {
  site.metrics.gauge("truc_organisations", "Organisations known",
                     [&exchange] { return static_cast<double>(exchange.directory().size()); });
  site.metrics.gauge("truc_changes_waiting", "Changes that wait for the writer",
                     [&site] { return static_cast<double>(site.database->waiting()); });
  site.metrics.gauge("truc_commits", "Transactions since the start",
                     [&site] { return static_cast<double>(site.database->commits()); });
  site.metrics.gauge("truc_disk_free_bytes", "Bytes free where the site is", [&site] {
    return static_cast<double>(base::real_files().free_bytes(site.directory));
  });
}

// SIGTERM and SIGINT end the service, SIGHUP reads the certificates again.
void wait_for_signals(http::Server& server, const sigset_t& signals) {
  for (;;) {
    int signal = 0;
    sigwait(&signals, &signal);
    if (signal != SIGHUP) return;
    if (const auto reloaded = server.reload_certificates(); !reloaded) {
      base::log::warning("serve.reload_failed", {{"detail", reloaded.error().detail()}});
    } else {
      base::log::info("serve.certificates_reloaded");
    }
  }
}

base::Result<void> run(const ServeOptions& options) {
  // Blocked before any thread starts, so that only wait_for_signals() sees them.
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);

  const auto site = TRY(Site::open(options.site, true));
  TRY(set_log_level(site->config.text("log.level")));
  exchange::Exchange* const exchange = TRY(site->exchange());
  exchange::Deadlines deadlines = TRY(deadlines_of(site->config));
  exchange::vxp::Face::Options face_options;
  face_options.document_bytes_max =
      static_cast<std::uint64_t>(site->config.integer("exchange.document_mib_max")) << 20;
  exchange::vxp::Face vxp(*exchange, site->metrics, face_options);
  Health health(*site);
  add_gauges(*site, *exchange);
  ExpiryWatch expiry(*site);
  site->metrics.gauge("truc_certificate_expires_seconds", "Until a certificate expires",
                      [&expiry] { return expiry.readings(); });
  http::Router router;
  router.add(operation_routes(*site, health));
  router.add(vxp.routes());
  const auto bundles = TRY(serving_bundles(*site, *exchange));
  ServedPlatform platform(*site, expiry);
  ChainWatch chain(*site->database, site->clock);
  site->metrics.gauge("truc_journal_checked", "The journal's chain fits up to this entry",
                      [&chain] { return static_cast<double>(chain.verdict().until); });
  site->metrics.gauge(
      "truc_journal_broken", "1 when an entry of the journal does not fit",
      [&chain] { return chain.verdict().state == ChainWatch::State::broken ? 1.0 : 0.0; });
  const auto verification = TRY(verification_of(site->directory));
  const auto api = TRY(make_api(*site, *exchange, bundles.get(), platform, chain, verification));
  router.add(api->routes());
  exchange::rest::TokenFace tokens(*exchange, *TRY(site->identity()));
  router.add(tokens.routes());
  if (EvidenceOffice* const office = site->evidence()) {
    router.add(office->routes());
    office->start();
  }
  const auto application = TRY(web_application(site->config));
  if (application) router.add(application->routes());
  const auto server_settings = TRY(server_options(site->config, options.listen));
  const auto server =
      TRY(http::Server::start(server_settings, router, site->metrics, site->random));

  Background background(*site, *exchange, std::move(deadlines), {platform, chain});
  const std::string scheme = server_settings.certificate_file.empty() ? "http" : "https";
  const std::string host = server_settings.host.find(':') == std::string::npos
                               ? server_settings.host
                               : "[" + server_settings.host + "]";
  const std::string address = scheme + "://" + host + ":" + std::to_string(server->port());
  std::printf("listening on %s\n", address.c_str());
  std::fflush(stdout);
  base::log::info("serve.started",
                  {{"address", address}, {"organisations", exchange->directory().size()}});
  wait_for_signals(*server, signals);
  base::log::info("serve.stopping");
  server->stop(kGraceMs);
  background.stop();
  base::log::info("serve.stopped");
  return base::done();
}

}  // namespace

base::Result<void> set_address(http::Server::Options& options, std::string_view listen) {
  const auto colon = listen.rfind(':');
  const auto port =
      colon == std::string_view::npos ? std::nullopt : base::parse_int(listen.substr(colon + 1));
  if (!port || *port < 0 || *port > 65535) {
    return base::Error(
        base::Code::invalid, "cli.bad_address",
        "listen must be HOST:PORT, like 127.0.0.1:8080, not " + std::string(listen),
        "địa chỉ lắng nghe phải có dạng MÁY:CỔNG, ví dụ 127.0.0.1:8080, không phải " +
            std::string(listen));
  }
  options.host = listen.substr(0, colon);
  if (options.host.size() > 2 && options.host.front() == '[')
    options.host = options.host.substr(1, options.host.size() - 2);
  options.port = static_cast<std::uint16_t>(*port);
  return base::done();
}

int serve(const Terminal& terminal, const ServeOptions& options) {
  const auto done = run(options);
  return done ? 0 : terminal.fail(done.error());
}

}  // namespace cli
