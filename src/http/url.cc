#include "base/text.h"
#include "http/client.h"

namespace http {
namespace {

base::Error bad_url(std::string_view text) {
  return {base::Code::invalid, "http.bad_url",
          "\"" + std::string(base::cut_utf8(text, 200)) +
              "\" is not an address like https://host:port/path.",
          "\"" + std::string(base::cut_utf8(text, 200)) +
              "\" không phải địa chỉ dạng https://máy:cổng/đường-dẫn."};
}

bool is_host(std::string_view host) {
  if (host.empty() || host.size() > 255) return false;
  for (const char c : host) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!letter && c != '.' && c != '-' && c != '_') return false;
  }
  return true;
}

bool is_ipv6(std::string_view host) {
  if (host.find(':') == std::string_view::npos || host.size() > 45) return false;
  return host.find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos;
}

bool is_path(std::string_view path) {
  for (const char c : path) {
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f || c == '#' || c == '?') return false;
  }
  return true;
}

}  // namespace

base::Result<Url> Url::parse(std::string_view text) {
  Url url;
  std::string_view rest = text;
  const std::string scheme = base::lower_ascii(text.substr(0, 8));
  if (scheme.starts_with("https://")) {
    url.tls = true;
    url.port = 443;
    rest.remove_prefix(8);
  } else if (scheme.starts_with("http://")) {
    rest.remove_prefix(7);
  } else {
    return bad_url(text);
  }
  const std::size_t slash = rest.find('/');
  std::string_view place = rest.substr(0, slash);
  std::string_view path = slash == std::string_view::npos ? std::string_view() : rest.substr(slash);
  while (path.ends_with('/')) path.remove_suffix(1);
  if (!is_path(path)) return bad_url(text);
  std::string_view port;
  if (place.starts_with('[')) {
    const std::size_t end = place.find(']');
    if (end == std::string_view::npos) return bad_url(text);
    url.host = place.substr(1, end - 1);
    place.remove_prefix(end + 1);
    if (!is_ipv6(url.host) || (!place.empty() && place[0] != ':')) return bad_url(text);
    if (!place.empty()) port = place.substr(1);
    if (!place.empty() && port.empty()) return bad_url(text);
  } else {
    const std::size_t colon = place.find(':');
    url.host = place.substr(0, colon);
    if (!is_host(url.host)) return bad_url(text);
    if (colon != std::string_view::npos) port = place.substr(colon + 1);
    if (colon != std::string_view::npos && port.empty()) return bad_url(text);
  }
  if (!port.empty()) {
    const auto number = base::parse_int(port);
    if (!number || *number < 1 || *number > 65535) return bad_url(text);
    url.port = static_cast<std::uint16_t>(*number);
  }
  url.path = path;
  return url;
}

}  // namespace http
