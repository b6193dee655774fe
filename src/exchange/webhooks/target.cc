#include "exchange/webhooks/target.h"

#include <netdb.h>

#include <algorithm>

#include "base/hash.h"
#include "http/address.h"
#include "http/client.h"

namespace exchange::webhooks {
namespace {

constexpr std::uint64_t kAnswerMax = 64 * 1024;

base::Error bad_url(const char* en, const char* vi) {
  return {base::Code::invalid, "exchange.bad_webhook_url", std::string("`url`: ") + en,
          std::string("`url`: ") + vi};
}

bool is_loopback(std::string_view host) { return host == "127.0.0.1" || host == "::1"; }

// Whether `host` is an address, in any of the forms that a resolver takes (127.1, 2130706433), and
// one where nobody on the Internet is. A name is not asked for.
bool is_private_literal(const std::string& host) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return false;
  const bool is_private = !http::is_public(*found->ai_addr);
  freeaddrinfo(found);
  return is_private;
}

}  // namespace

base::Result<void> check_url(std::string_view text, const TargetRules& rules) {
  if (text.size() > 2000) return bad_url("at most 2,000 characters", "tối đa 2.000 ký tự");
  const auto parsed = http::Url::parse(text);
  if (!parsed) {
    return bad_url(
        "must be like https://example.org/path, without user and query",
        "phải có dạng https://example.org/duong-dan, không có tên người dùng và phần ?…");
  }
  const http::Url& url = *parsed;
  if (rules.loopback && is_loopback(url.host)) return base::done();
  if (!url.tls) return bad_url("must begin with https://", "phải bắt đầu bằng https://");
  if (std::find(rules.ports.begin(), rules.ports.end(), url.port) == rules.ports.end()) {
    return bad_url("its port is not one that the operator allows (webhooks.ports)",
                   "cổng không nằm trong các cổng được phép (webhooks.ports)");
  }
  if (is_private_literal(url.host)) {
    return bad_url("its address is on this machine or in a private network",
                   "địa chỉ thuộc máy này hoặc mạng riêng");
  }
  return base::done();
}

std::string secret_text(std::string_view secret) { return "whsec_" + base::base64(secret); }

std::string signature(const std::vector<std::string>& secrets, std::string_view id,
                      std::int64_t timestamp, std::string_view body) {
  const std::string content =
      std::string(id) + "." + std::to_string(timestamp) + "." + std::string(body);
  std::string out;
  for (const std::string& secret : secrets) {
    if (!out.empty()) out += " ";
    out += "v1," + base::base64(base::hmac_sha256(secret, content));
  }
  return out;
}

Outcome send(std::string_view url, const Message& message, const TargetRules& rules) {
  Outcome outcome;
  const std::int64_t start = base::monotonic_micros();
  const auto failed = [&](const base::Error& error) {
    outcome.error = error.reason();
    outcome.duration = base::Duration(base::monotonic_micros() - start);
    return outcome;
  };
  // The operator may have narrowed the rules since it was added.
  if (const auto allowed = check_url(url, rules); !allowed) return failed(allowed.error());
  const auto parsed = http::Url::parse(url);
  if (!parsed) return failed(parsed.error());
  http::Client::Options options;
  options.url = *parsed;
  options.trust_file = rules.trust_file;
  options.connect_timeout_ms = options.idle_timeout_ms = rules.deadline_ms;
  options.public_only = !(rules.loopback && is_loopback(parsed->host));
  const auto client = http::Client::create(std::move(options));
  http::Client::Exchange exchange;
  exchange.method = http::Method::post;
  const std::int64_t timestamp = base::to_micros(message.at) / 1'000'000;
  exchange.headers.add("Content-Type", "application/json");
  exchange.headers.add("User-Agent", "truc-webhooks");
  exchange.headers.add("webhook-id", message.id);
  exchange.headers.add("webhook-timestamp", std::to_string(timestamp));
  exchange.headers.add("webhook-signature",
                       signature(message.secrets, message.id, timestamp, message.body));
  exchange.body = message.body;
  exchange.answer_bytes_max = kAnswerMax;
  exchange.deadline_micros = start + std::int64_t{rules.deadline_ms} * 1000;
  const auto answer = client->exchange(exchange);
  if (!answer) return failed(answer.error());
  outcome.status = answer->status;
  outcome.duration = base::Duration(base::monotonic_micros() - start);
  return outcome;
}

}  // namespace exchange::webhooks
