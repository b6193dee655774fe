// The head of an answer as bytes.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "http/message.h"

namespace http {

struct AnswerFraming {
  std::string_view date;  // RFC 9110 §5.6.7
  std::string_view id;
  bool keep_alive = true;
  enum class Body : unsigned char { sized, chunked, until_close };
  Body body = Body::sized;
  std::uint64_t body_bytes = 0;  // of a sized one
};

bool has_no_body(int status);  // 1xx, 204, 304

// Headers that would break the message (a line end inside, a name that is none) are left out and
// logged; Content-Length, Date, Connection and their like come from `framing` alone.
std::string answer_head(const Response& response, const AnswerFraming& framing);

// "Sun, 22 Nov 2026 03:00:00 GMT"
std::string http_date(std::int64_t seconds);

}  // namespace http
