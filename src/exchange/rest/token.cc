#include "exchange/rest/token.h"

#include "base/hash.h"
#include "base/text.h"
#include "exchange/rest/request.h"
#include "http/query.h"
#include "identity/sign_in/attempts.h"

namespace exchange::rest {
namespace {

constexpr std::uint64_t kBodyBytesMax = 8 * 1024;
constexpr RateLimit kClients{60, 300, 50'000};  // of each address

// RFC 6749 §5.2.
http::Response refused(int status, std::string_view error, const base::Error& why) {
  base::Json json;
  json.add("error", error).add("error_description", why.text().en);
  json.add("error_description_vi", why.text().vi).add("reason", why.reason());
  http::Response response = http::Response::json(status, json.dump());
  response.headers.add("Cache-Control", "no-store");
  if (status == 401) response.headers.add("WWW-Authenticate", "Basic realm=\"truc\"");
  return response;
}

base::Error bad_request(std::string_view what) {
  return base::Error(base::Code::invalid, "rest.bad_token_request",
                     std::string(what) +
                         ": send grant_type=client_credentials as a form, and "
                         "client_id and client_secret in it or as Basic",
                     std::string(what) +
                         ": gửi grant_type=client_credentials dạng biểu mẫu, với "
                         "client_id và client_secret trong đó hoặc dạng Basic");
}

struct Client {
  std::string id, secret;
};

// The two, from Authorization: Basic, each form-encoded first (RFC 6749 §2.3.1).
std::optional<Client> basic_client(std::string_view authorization) {
  constexpr std::string_view kBasic = "basic ";
  if (!base::lower_ascii(authorization.substr(0, kBasic.size())).starts_with(kBasic))
    return std::nullopt;
  const auto text = base::from_base64(base::trim(authorization.substr(kBasic.size())));
  const auto colon = text ? text->find(':') : std::string::npos;
  if (colon == std::string::npos) return std::nullopt;
  const auto form =
      http::Query::parse("i=" + text->substr(0, colon) + "&s=" + text->substr(colon + 1));
  if (!form || form->pairs().size() != 2) return std::nullopt;
  return Client{form->pairs()[0].second, form->pairs()[1].second};
}

}  // namespace

void TokenFace::note(const http::Request& request, std::string_view client,
                     const base::Error* refusal) {
  const auto system = exchange_.directory().system(client);
  if (!system) return;
  if (refusal) {
    exchange_.calls().refuse(system->key, CallProtocol::token, request.remote, refusal->reason());
  } else {
    exchange_.calls().note(system->key, CallProtocol::token, request.remote);
  }
}

http::Response TokenFace::answer(const http::Request& request) {
  const auto rate = rates_.take(identity::network_of(request.remote), kClients, clock_.now());
  if (!rate.allowed) {
    http::Response response =
        refused(429, "temporarily_unavailable",
                base::Error(base::Code::too_many, "rest.too_many_requests",
                            "too many requests; wait", "quá nhiều yêu cầu; hãy chờ"));
    response.headers.add("Retry-After", std::to_string(rate.retry_s));
    return response;
  }
  if (media_type(request.headers["Content-Type"]) != "application/x-www-form-urlencoded")
    return refused(400, "invalid_request", bad_request("Content-Type"));
  const auto form = http::Query::parse(request.body);
  if (!form) return refused(400, "invalid_request", bad_request("body"));
  for (const char* name : {"grant_type", "client_id", "client_secret", "scope"}) {
    if (form->all(name).size() > 1) return refused(400, "invalid_request", bad_request(name));
  }
  if ((*form)["grant_type"].value_or("") != "client_credentials")
    return refused(400, (*form)["grant_type"] ? "unsupported_grant_type" : "invalid_request",
                   bad_request("grant_type"));
  const bool basic = request.headers.has("Authorization");
  std::optional<Client> client =
      basic ? basic_client(request.headers["Authorization"])
            : std::optional(Client{std::string((*form)["client_id"].value_or("")),
                                   std::string((*form)["client_secret"].value_or(""))});
  if (basic && (*form)["client_secret"])
    return refused(400, "invalid_request", bad_request("client_secret"));
  if (!client) client.emplace();
  const auto token =
      identity_.credentials.token(client->id, client->secret, (*form)["scope"].value_or(""));
  note(request, client->id, token ? nullptr : &token.error());
  if (!token) {
    const base::Error& error = token.error();
    if (error.code() == base::Code::unauthenticated) return refused(401, "invalid_client", error);
    if (error.code() == base::Code::invalid) return refused(400, "invalid_scope", error);
    return refused(503, "temporarily_unavailable", error);
  }
  base::Json json;
  json.add("access_token", token->text).add("token_type", "Bearer");
  json.add("expires_in", std::chrono::duration_cast<std::chrono::seconds>(token->lifetime).count());
  json.add("scope", identity::write_permissions(token->permissions));
  http::Response response = http::Response::json(200, json.dump());
  response.headers.add("Cache-Control", "no-store");
  return response;
}

std::vector<http::Route> TokenFace::routes() {
  http::Route route{
      http::Method::post, "/oauth/token", http::Permission::open,
      kBodyBytesMax,      nullptr,        "an access token for a system's client id and secret"};
  route.handler = [this](http::Request& request) { return answer(request); };
  return {std::move(route)};
}

}  // namespace exchange::rest
