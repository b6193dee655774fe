#include "exchange/rest/noted_calls.h"

namespace exchange::rest {

Authenticate noting_calls(Exchange& exchange, identity::Authenticator& authenticator) {
  return [&exchange, &authenticator](const http::Head& head) {
    auto caller = authenticator.of(head);
    if (caller && caller->system != 0) {
      exchange.calls().note(caller->system, CallProtocol::api, head.remote);
    } else if (!caller) {
      if (const SystemKey claimed = authenticator.claimed_system(head); claimed != 0)
        exchange.calls().refuse(claimed, CallProtocol::api, head.remote, caller.error().reason());
    }
    return caller;
  };
}

NoteRefusal noting_refusals(Exchange& exchange) {
  return [&exchange](const identity::Principal& caller, const http::Head& head,
                     const base::Error& error) {
    if (caller.system != 0)
      exchange.calls().refuse(caller.system, CallProtocol::api, head.remote, error.reason());
  };
}

}  // namespace exchange::rest
