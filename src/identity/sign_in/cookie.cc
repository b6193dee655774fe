#include <algorithm>

#include "base/hash.h"
#include "base/text.h"
#include "identity/sign_in/session.h"

namespace identity {
namespace {

// Browsers take a __Host- cookie only over TLS, for this very host, for every path.
constexpr std::string_view kName = "__Host-truc", kPlainName = "truc";

base::Error foreign_page(std::string_view field) {
  const std::string shown(field);
  return base::Error(
      base::Code::forbidden, "identity.foreign_page",
      "the request does not come from a page of this site (" + shown +
          "); reload the page and try again",
      "yêu cầu không đến từ trang của hệ thống này (" + shown + "); hãy tải lại trang rồi thử lại");
}

std::string cookie(std::string_view value, bool tls, std::string_view more) {
  return std::string(tls ? kName : kPlainName) + "=" + std::string(value) + "; Path=/; HttpOnly" +
         (tls ? "; Secure" : "") + "; SameSite=Lax" + std::string(more);
}

}  // namespace

std::string session_cookie(const std::string& token, bool tls) { return cookie(token, tls, ""); }

std::string ended_session_cookie(bool tls) { return cookie("", tls, "; Max-Age=0"); }

std::string session_token(const http::Headers& headers, bool tls) {
  const std::string_view wanted = tls ? kName : kPlainName;
  std::string token;
  int found = 0;
  for (const http::Header& header : headers.all()) {
    if (!base::equal_ignoring_case(header.name, "cookie")) continue;
    for (const std::string_view item : base::split(header.value, ';')) {
      const std::string_view pair = base::trim(item);
      const std::size_t equals = pair.find('=');
      if (equals == std::string_view::npos || pair.substr(0, equals) != wanted) continue;
      token = std::string(pair.substr(equals + 1));
      ++found;
    }
  }
  return found == 1 ? token : std::string();
}

base::Result<void> csrf_ok(const http::Head& head, const Session& session,
                           const std::vector<std::string>& origins) {
  const bool safe = head.method == http::Method::get || head.method == http::Method::head ||
                    head.method == http::Method::options;
  if (safe) return base::done();
  const bool has_site = head.headers.has("Sec-Fetch-Site"), has_origin = head.headers.has("Origin");
  if (!has_site && !has_origin) return foreign_page("Origin");
  if (has_site && head.headers["Sec-Fetch-Site"] != "same-origin") {
    return foreign_page("Sec-Fetch-Site");
  }
  const bool ours =
      std::find(origins.begin(), origins.end(), head.headers["Origin"]) != origins.end();
  if (has_origin && !ours) return foreign_page("Origin");
  const std::string_view token = head.headers["X-CSRF-Token"];
  if (session.csrf.empty() || !base::equal_constant_time(token, session.csrf)) {
    return foreign_page("X-CSRF-Token");
  }
  return base::done();
}

}  // namespace identity
