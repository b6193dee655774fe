// Answers made smaller for clients that can undo it.
#pragma once
#include <string>
#include <string_view>

#include "http/message.h"

namespace http {

inline constexpr std::size_t kCompressedFrom = 1024;  // bytes of a body

// Whether an Accept-Encoding (RFC 9110 §12.5.3) takes gzip.
bool takes_gzip(std::string_view accept_encoding);
// The same of Brotli (RFC 7932), which has to be named: "*" is not enough.
bool takes_brotli(std::string_view accept_encoding);

// Makes the body of a Response::compressible answer gzip where that may be: the client takes it,
// and the body is JSON, XML or text, in memory, larger than kCompressedFrom and becomes smaller. A
// strong ETag becomes a weak one, as the bytes are others. Vary is set whatever happens. Works for
// milliseconds on large bodies: on worker threads.
void compress(Response& response, const Head& request);

}  // namespace http
