// What the rows about signing in and about one's credentials share.
#pragma once
#include <string>
#include <string_view>

#include "exchange/rest/route.h"
#include "identity/identity.h"

namespace exchange::rest {

identity::Caller caller_of(const Call& call);

Schema ceremony_schema();
Schema passkey_step_schema();
http::Response passkey_step(const identity::SignIn::PasskeyStep& step);
Schema passkey_answer_schema();
std::vector<Refusal> passkey_refusals();
Refusal code_refused();
Refusal ceremony_over();
Refusal no_session();

// What the browser keeps while it is at the provider: ten minutes, for our own addresses only.
std::string ceremony_cookie_name(bool secure);
std::string ceremony_cookie(const std::string& ceremony, bool secure);
// The value of one cookie of the request; empty when it is not there.
std::string cookie_of(const http::Head& head, std::string_view name);

}  // namespace exchange::rest
