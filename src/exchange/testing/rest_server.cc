#include "exchange/testing/rest_server.h"

#include <algorithm>

#include "base/text.h"
#include "exchange/rest/api.h"
#include "exchange/rest/log.h"
#include "exchange/rest/noted_calls.h"
#include "exchange/rest/openapi.h"
#include "exchange/rest/request.h"
#include "exchange/rest/resources.h"

namespace exchange::testing {
namespace {

http::Server::Options settings() {
  http::Server::Options options = http::testing::RunningServer::quick();
  options.workers = 6;
  options.heartbeat_ms = 200;
  return options;
}

// With passwords that are cheap to hash.
identity::SignInOptions quick_sign_in() {
  identity::SignInOptions options;
  options.party = {"localhost", {"http://localhost:8080"}};
  options.password_cost = {1, 8192, 2, 32};
  return options;
}

webhooks::TargetRules loopback_only() {
  webhooks::TargetRules rules;
  rules.loopback = true;
  return rules;
}

std::unique_ptr<store::Database> open_search(const TestExchange& site) {
  store::Database::Options options;
  options.url = site.url().empty() ? "sqlite:" + site.directory_path() + "/search.db" : site.url();
  return store::Database::open(std::move(options)).value();
}

std::unique_ptr<uploads::Uploads> open_uploads(TestExchange& site) {
  uploads::Options options;
  options.directory = site.blobs_path() + "/upload";
  options.upload_bytes_max = 1 << 20;
  options.free_bytes_min = 0;
  return uploads::Uploads::open(
             {base::real_files(), site.database(), site.blobs(), site.clock, site.random}, options)
      .value();
}

}  // namespace

RestServer::RestServer(std::string url, const Rows& rows, rest::Face::Options options)
    : site(std::move(url)),
      identity({site.database(), site.directory(), site.clock, site.random, std::string(32, 'c'),
                quick_sign_in(), false, nullptr}),
      feed(site.exchange(), feed::Feed::Options()),
      webhooks(feed, site.random, std::string(32, 'w'), loopback_only()),
      search_database(open_search(site)),
      search(search::Index::open(*search_database).value()),
      chain(site.database(), site.clock),
      uploads(open_uploads(site)),
      face({site.database(), site.clock, site.random, site.metrics,
            [this](const http::Head& head) { return caller_of(head); }, std::string(32, 'c'),
            rest::noting_refusals(site.exchange())},
           options) {
  site.add_usual_systems();
  face.add(rows
               ? rows(site.exchange())
               : rest::api(parts(), {1 << 20, site.directory_path(), 100, nullptr, &verification}));
  if (!rows) face.add(rest::quota_rows(face));
  if (!rows) face.add(rest::log_rows(site.exchange(), std::nullopt, {}));
  if (!rows) face.add(rest::description_rows(face));
  server_ = std::make_unique<http::testing::RunningServer>(face.routes(), settings());
}

base::Result<identity::Principal> RestServer::caller_of(const http::Head& head) const {
  const std::string_view shown = head.headers["Authorization"];
  std::lock_guard lock(mutex_);
  const auto known = shown.starts_with("Bearer ") ? known_.find(shown.substr(7)) : known_.end();
  if (known != known_.end()) return known->second;
  return base::Error(base::Code::unauthenticated, "rest.unauthenticated", "nobody is known by this",
                     "không ai có thông tin này");
}

rest::ApiParts RestServer::parts() {
  return {site.exchange(),
          identity,
          site.random,
          feed,
          webhooks,
          *uploads,
          site.metrics,
          search.get(),
          [this](const http::Head& head) { return caller_of(head); },
          &chain,
          &platform};
}

RestServer::~RestServer() { server_.reset(); }

void RestServer::forget(const std::string& name) {
  std::lock_guard lock(mutex_);
  known_.erase(name);
}

void RestServer::know(const std::string& name, identity::Principal principal) {
  std::lock_guard lock(mutex_);
  known_.insert_or_assign(name, std::move(principal));
}

void RestServer::know_person(const std::string& name, identity::Role role,
                             const std::vector<std::string>& organisations) {
  identity::Principal principal;
  principal.kind = identity::Principal::Kind::person;
  principal.person = static_cast<identity::PersonKey>(known_.size()) + 1;
  principal.id = "person:" + name;
  principal.assurance = identity::Assurance::user_verified;
  principal.verified_at = site.clock.now();
  identity::Grant grant{identity::permissions_of(role), {}, false, 0, 0};
  for (const std::string& code : organisations)
    grant.organisations.push_back(site.directory().find(code).value().key);
  if (organisations.empty()) {
    grant.organisations.push_back(identity::kPlatform);
    grant.everywhere = true;
  }
  std::sort(grant.organisations.begin(), grant.organisations.end());
  principal.grants.push_back(std::move(grant));
  know(name, std::move(principal));
}

void RestServer::know_system(const std::string& name, std::string_view system) {
  identity::Principal principal;
  principal.kind = identity::Principal::Kind::system;
  principal.system = site.key_of(system);
  principal.id = "system:" + std::string(system);
  principal.assurance = identity::Assurance::single;
  identity::Grant grant{identity::permissions_of_systems(), {}, false, 0, 0};
  site.directory().each([&](const Organisation& one) {
    if (one.system == principal.system) grant.organisations.push_back(one.key);
  });
  std::sort(grant.organisations.begin(), grant.organisations.end());
  principal.grants.push_back(std::move(grant));
  know(name, std::move(principal));
}

const rest::Route* RestServer::row_of(std::string_view method, std::string_view target) const {
  const auto wanted = base::split(target.substr(0, target.find('?')), '/');
  const rest::Route* found = nullptr;
  for (const rest::Route& row : face.rows()) {
    const auto parts = base::split(row.path, '/');
    if (http::method_name(row.method) != method || parts.size() != wanted.size()) continue;
    bool fits = true;
    for (std::size_t i = 0; i < parts.size(); ++i)
      fits = fits && (parts[i] == wanted[i] || (parts[i].starts_with('{') && !wanted[i].empty()));
    if (fits && (found == nullptr || row.path.find('{') == std::string_view::npos)) found = &row;
  }
  return found;
}

void RestServer::check(const rest::Route& row, const RestAnswer& answer,
                       std::string_view request) const {
  EXPECT_NE(answer.header("Cache-Control"), "") << request;
  if (answer.status >= 400) {
    EXPECT_EQ(answer.header("Content-Type"), "application/problem+json") << request;
    if (row.method == http::Method::head) return;
    const auto known = rest::refusals_of(row);
    EXPECT_TRUE(std::any_of(known.begin(), known.end(),
                            [&](const auto& one) { return one.reason == answer.reason(); }))
        << request << " is refused for a reason that its row does not name: " << answer.body;
    EXPECT_EQ(answer.json["status"].integer(), answer.status) << request;
    for (const char* name : {"type", "title", "detail", "detail_vi", "detail_en", "reason"})
      EXPECT_FALSE(answer.text(name).empty()) << name << " in " << answer.body;
    return;
  }
  EXPECT_NE(answer.header("RateLimit"), "") << request;
  if (answer.status == 304) return;
  for (const rest::Answer& described : row.answers) {
    if (described.status != answer.status) continue;
    if (!described.schema) return;
    const auto breach = rest::breach_of(*described.schema, answer.json);
    EXPECT_FALSE(breach) << request << ": " << breach->error.detail() << "\n" << answer.body;
    return;
  }
  ADD_FAILURE() << request << " gives " << answer.status << ", which its row does not name";
}

RestAnswer RestServer::ask(std::string_view method, std::string_view target,
                           std::string_view caller, std::string_view body,
                           std::string_view headers) {
  std::string request =
      std::string(method) + " " + std::string(target) + " HTTP/1.1\r\nHost: t\r\n";
  if (!caller.empty()) request += "Authorization: Bearer " + std::string(caller) + "\r\n";
  if (!body.empty() && headers.find("Content-Type") == std::string_view::npos)
    request += "Content-Type: application/json\r\n";
  if (!body.empty() || method == "POST" || method == "PUT" || method == "PATCH")
    request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  request += std::string(headers) + "\r\n" + std::string(body);
  http::testing::Wire wire(server_->port);
  EXPECT_TRUE(wire.send(request));
  auto raw = wire.receive(20000, method != "HEAD");
  RestAnswer answer{raw.status, raw.head, raw.body, {}};
  if (raw.header("Content-Type").find("json") != std::string::npos) {
    auto json = base::Json::parse(raw.body);
    EXPECT_TRUE(json.ok() || raw.body.empty()) << raw.body.substr(0, 300);
    if (json) answer.json = *std::move(json);
  }
  if (const rest::Route* row = row_of(method, target)) {
    check(*row, answer, std::string(method) + " " + std::string(target));
  }
  return answer;
}

RestAnswer RestServer::post(std::string_view target, std::string_view caller,
                            const base::Json& body, std::string_view headers) {
  return ask("POST", target, caller, body.dump(), headers);
}

}  // namespace exchange::testing
