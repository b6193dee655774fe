// The API described by its own rows: for programs (OpenAPI 3.1) and for people.
#pragma once
#include <deque>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "exchange/rest/route.h"

namespace exchange::rest {

class Face;

// Of the rows below /api/.
base::Json openapi(const std::deque<Route>& rows);
// One page of HTML without anything from elsewhere: no script, no font, no picture.
std::string readers_page(const std::deque<Route>& rows, base::Language language);
// What readers_page() may load: a Content-Security-Policy that allows its own style alone.
std::string readers_page_policy();

// GET /openapi.json and GET /docs/api. `face` outlives them; all its rows are there before the
// first call.
std::vector<Route> description_rows(const Face& face);

// "POST /api/v1/…" as a command that can be pasted.
std::string curl_example(const Route& row);

}  // namespace exchange::rest
