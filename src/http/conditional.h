// Answers that a client has already.
#pragma once
#include <optional>
#include <string_view>

#include "http/message.h"

namespace http {

// The 304 for a GET or HEAD whose If-None-Match (RFC 9110 §13.1.2) names `etag`, with that ETag;
// nothing when the whole answer is due. `etag` is quoted: "\"42\"" or "W/\"42\"". Ask before the
// answer is made.
std::optional<Response> not_modified(const Head& request, std::string_view etag);

}  // namespace http
