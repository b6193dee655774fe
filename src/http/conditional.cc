#include "http/conditional.h"

#include "base/check.h"
#include "base/text.h"

namespace http {
namespace {

// What the weak comparison (RFC 9110 §8.8.3.2) compares: the tag with its quotes.
std::string_view opaque(std::string_view etag) {
  if (etag.starts_with("W/")) etag.remove_prefix(2);
  return etag;
}

// A tag may hold commas, so the list is walked and not split.
bool names(std::string_view list, std::string_view etag) {
  while (!list.empty()) {
    const std::size_t start = list.find('"');
    if (start == std::string_view::npos) return false;
    const std::size_t end = list.find('"', start + 1);
    if (end == std::string_view::npos) return false;
    if (list.substr(start, end + 1 - start) == etag) return true;
    list.remove_prefix(end + 1);
  }
  return false;
}

}  // namespace

std::optional<Response> not_modified(const Head& request, std::string_view etag) {
  const auto wanted = opaque(etag);
  CHECK(wanted.size() >= 2 && wanted.front() == '"' && wanted.back() == '"');
  if (request.method != Method::get && request.method != Method::head) return std::nullopt;
  bool known = false;
  for (const Header& header : request.headers.all()) {
    if (!base::equal_ignoring_case(header.name, "If-None-Match")) continue;
    known = known || header.value == "*" || names(header.value, wanted);
  }
  if (!known) return std::nullopt;
  Response response;
  response.status = 304;
  response.headers.add("ETag", std::string(etag));
  return response;
}

}  // namespace http
