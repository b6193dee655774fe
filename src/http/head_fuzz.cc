// The way of a request's first bytes through the server: the end of the head, its meaning, the
// route, and a chunked body behind it.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "http/chunked.h"
#include "http/head.h"
#include "http/query.h"
#include "http/router.h"

namespace {

const http::Router& router() {
  static const http::Router instance = [] {
    const auto handler = [](http::Request&) { return http::Response(); };
    http::Router r;
    r.add({{http::Method::get, "/healthz", http::Permission::open, 0, handler, ""},
           {http::Method::post, "**/sendEdoc", http::Permission::caller_signature, 9, handler, ""},
           {http::Method::get, "/{id}/x/{part}", http::Permission::caller, 0, handler, ""},
           {http::Method::get, "/a/{id}", http::Permission::caller, 0, handler, ""}});
    return r;
  }();
  return instance;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t end = http::find_head_end(bytes, 0);
  const bool hopeless = http::is_hopeless(bytes.substr(0, end));
  const auto parsed = http::parse_request_head(bytes.substr(0, end));
  CHECK(!(hopeless && parsed.ok()));
  static_cast<void>(http::parse_answer_head(bytes.substr(0, end)));
  if (!parsed.ok() || end == std::string_view::npos) return 0;
  CHECK(parsed->head.path.find("//") == std::string::npos);
  CHECK(parsed->chunked == (parsed->head.body_bytes < 0));
  CHECK(parsed->head.headers.all().size() <= http::kHeadersMax);
  const auto match = router().find(parsed->head);
  CHECK(match.route == nullptr || match.path_known);
  for (const auto& [name, value] : match.parameters) CHECK(!name.empty() && !value.empty());
  static_cast<void>(http::Query::parse(parsed->head.query));
  if (!parsed->chunked) return 0;
  // Cut anywhere, a chunked body means the same.
  const std::string_view body = bytes.substr(end);
  std::string whole, cut;
  http::ChunkedDecoder once, twice;
  const std::size_t used = once.decode(body, whole);
  const std::size_t first = twice.decode(body.substr(0, body.size() / 2), cut);
  const std::size_t second = first == body.size() / 2 ? twice.decode(body.substr(first), cut) : 0;
  CHECK(used == first + second && whole == cut);
  CHECK(once.done() == twice.done() && once.failed() == twice.failed());
  return 0;
}
