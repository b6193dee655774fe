// One call of the API as its handler sees it: who calls, what they may, and what they ask, all of
// it checked.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"
#include "exchange/rest/paging.h"
#include "http/message.h"
#include "identity/principal.h"

namespace exchange::rest {

class Stream;

class Call {
 public:
  // Borrows all but the time and the language; `route` is the row's path.
  Call(http::Request& asked, const identity::Principal& caller, const Cursors& cursors,
       std::string_view route, base::Time at, base::Language in)
      : request(asked), principal(caller), now(at), language(in), cursors_(cursors), path_(route) {}

  http::Request& request;
  const identity::Principal& principal;
  const base::Time now;
  const base::Language language;
  // For which organisations the caller has the route's permission; none on other routes.
  identity::Reach reach;
  base::Json body;               // null when none came, or a stream did
  Stream* stream = nullptr;      // what the route opened, all of it written
  http::Headers answer_headers;  // of every answer; one that comes later must add them itself

  // --- parameters, checked against the row ------------------------------------------------------
  bool has(std::string_view name) const { return find(name) != nullptr; }
  std::string_view text(std::string_view name) const;  // empty when it is not there
  std::int64_t integer(std::string_view name, std::int64_t otherwise = 0) const;
  std::optional<bool> boolean(std::string_view name) const;
  std::optional<base::Time> time(std::string_view name) const;
  void set(std::string_view name, base::Json value) {
    values_.emplace_back(name, std::move(value));
  }

  // --- errors -----------------------------------------------------------------------------------
  // `error`, told as being about the member at `pointer` of the body, or about a parameter.
  base::Error at(std::string pointer, base::Error error) {
    pointer_ = std::move(pointer);
    return error;
  }
  const std::string& pointer() const { return pointer_; }

  // --- lists (paging.h) --------------------------------------------------------------------------
  // How many items are asked for.
  std::int64_t limit() const;
  // The place that the caller has come to; nothing at the start. rest.bad_cursor.
  base::Result<std::optional<Place>> place() const;
  // {"items": …} with the address of the next page when there is one, and the members of `more`.
  http::Response page(base::Json items, const std::optional<Place>& next,
                      base::Json more = base::Json::Object{}) const;

  // --- versions ---------------------------------------------------------------------------------
  // For changes: the caller has seen the version that is there now. rest.precondition_required
  // without If-Match, rest.precondition_failed when it is another.
  base::Result<void> require_match(std::string_view etag) const;

 private:
  const base::Json* find(std::string_view name) const;
  std::string scope() const;
  const Cursors& cursors_;
  const std::string_view path_;
  std::vector<std::pair<std::string_view, base::Json>> values_;
  std::string pointer_;
};

// Strong, of a representation: "\"…\"".
std::string etag_of(std::string_view representation);
// Whether one of a header's tags (If-Match, If-None-Match) is `etag` or '*'. Weak comparison.
bool names_etag(std::string_view header, std::string_view etag);

}  // namespace exchange::rest
