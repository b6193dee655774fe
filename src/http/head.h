// The bytes of a request's or an answer's head turned into values. Strict: whatever two programs
// could read differently (RFC 9112 §6.3, §11) is refused, since a proxy may stand in front.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/message.h"

namespace http {

inline constexpr std::size_t kHeadersMax = 256;

struct RequestHead {
  Head head;  // all but remote, tls and id
  bool version_1_0 = false;
  bool keep_alive = true;
  bool chunked = false;  // otherwise head.body_bytes is known
  bool expects_continue = false;
};

// Where the head ends in `bytes` (just after the blank line), or npos. The bytes before `from` were
// searched before.
std::size_t find_head_end(std::string_view bytes, std::size_t from);

// True when no continuation of `bytes`, the beginning of a head, could be accepted: other protocols
// and bare line feeds are refused without waiting for more.
bool is_hopeless(std::string_view bytes);

// `bytes` is one whole head with its blank line. Control bytes other than CR, LF and NUL are kept
// in values (RFC 9110 §5.5), for the protocol above to judge, but not where framing is decided.
// Errors: http.head_malformed (400), http.head_too_large (431: too many headers),
// http.coding_unknown (501), http.version_unknown (505).
base::Result<RequestHead> parse_request_head(std::string_view bytes);

struct AnswerHead {
  int status = 0;
  Headers headers;
  bool keep_alive = true;
  bool chunked = false;
  std::int64_t body_bytes = -1;  // Content-Length, or -1 without one
};

// As above, for clients. Error: http.answer_malformed.
base::Result<AnswerHead> parse_answer_head(std::string_view bytes);

// Splits `target` into a decoded path and a query. False when it is malformed: bad escapes, a NUL,
// segments "." and "..".
bool split_target(std::string_view target, std::string& path, std::string& query);

// The segments of a target that split_target has taken, each decoded by itself: "/a//b%2Fc?x" has
// "a" and "b/c". A '/' at the end leaves an empty one.
std::vector<std::string> path_segments(std::string_view target);
bool has_escaped_slash(std::string_view target);  // in its path

// Appends what `text` means to `out`. False at an escape that is none.
bool percent_decode(std::string_view text, std::string& out);

}  // namespace http
