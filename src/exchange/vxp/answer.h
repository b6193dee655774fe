// The answers of the national protocol (vxp-protocol.md §4, §7): always 200 with JSON, ASCII only.
#pragma once
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "http/message.h"

namespace exchange::vxp {

// Which members an answer of the call must have besides the three, even when it failed (§4.3).
enum class Shape : unsigned char { plain, document_id, data_text, data_list, count, raw };

// The one place that maps an error to the protocol's codes.
std::string_view code_of(const base::Error& error);

http::Response failure(Shape shape, const base::Error& error);
// `members` are added after the three mandatory ones; `description` is "Thanh cong" unless given.
http::Response success(base::Json members, std::string_view description = "Thanh cong");

// Wraps a handler of the shape: an error becomes the shape's failure.
http::Response answer(Shape shape, base::Result<http::Response> result);

}  // namespace exchange::vxp
