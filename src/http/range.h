// The part of a file that a client asks for (RFC 9110 §14): downloads that are taken up again.
#pragma once
#include "http/message.h"

namespace http {

// Makes a whole answer (200, with a source that can start anywhere) the one part that the GET asks
// for: 206. It stays whole without Range, for several ranges or other units, and when If-Range
// names another version than the answer's ETag. Says Accept-Ranges. Ask after If-None-Match.
// http.range_unsatisfiable (416; the answer is as it was): nothing of the file lies there; errors
// of the source.
base::Result<void> take_range(const Head& request, Response& response);

// Content-Range of the refusal: "bytes */SIZE".
std::string unsatisfied(const Response& whole);

}  // namespace http
