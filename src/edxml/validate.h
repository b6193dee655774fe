// What a receiving server must or should complain about (edxml.md §10).
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "edxml/document.h"

namespace edxml {

struct Finding {
  enum class Severity : unsigned char { error, warning };
  Severity severity = Severity::error;
  std::string_view rule;  // stable: "edxml.from_missing", "edxml.attachment_undecodable", …
  std::string element;    // path of the element: "MessageHeader/From/OrganId"
  base::Text message;     // what is wrong, and the rule
  base::Text remedy;      // what to do
};

// In the order of the document. Errors are what the exchange answers with 22 (21 when the rule is
// edxml.attachment_undecodable; the state-secret mark edxml.state_secret is refused too);
// everything else is a warning and the document is delivered. `recipients_elsewhere`: receivers
// were named in the request, so To may be missing.
std::vector<Finding> validate(const Document& document, bool recipients_elsewhere = false);

}  // namespace edxml
