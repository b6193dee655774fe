// Calls of connected systems by the API, noted in SystemCalls.
#pragma once
#include "exchange/exchange.h"
#include "exchange/rest/face.h"
#include "identity/authenticate.h"

namespace exchange::rest {

// Who calls, and a note of it when it is a system: also of one that does not show what it says.
// What is passed in outlives the function.
Authenticate noting_calls(Exchange& exchange, identity::Authenticator& authenticator);
// For Face::Parts: what systems that are known were refused.
NoteRefusal noting_refusals(Exchange& exchange);

}  // namespace exchange::rest
