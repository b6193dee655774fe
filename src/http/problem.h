// An error as an answer (RFC 9457), in the caller's language. The one place that maps an Error to
// an HTTP status is problem.cc.
#pragma once
#include <string_view>

#include "base/result.h"
#include "http/message.h"

namespace http {

struct ProblemDetails {
  std::string_view instance = {};  // the request's target; may be empty
  std::string_view pointer = {};   // RFC 6901, the member of the body that is wrong; may be empty
  base::Language language = base::Language::english;
  int status = 0;  // a protocol's own, where it has one for this; 0: status_of()
};

// application/problem+json with type, title, status, detail, detail_vi, detail_en and reason.
Response problem(const base::Error& error, const ProblemDetails& details);

// The language that Accept-Language prefers of the two; Vietnamese unless English is asked for.
base::Language preferred_language(std::string_view accept_language);

}  // namespace http
