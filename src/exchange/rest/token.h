// POST /oauth/token: an access token for a client's id and secret (RFC 6749 §4.4). Its bodies and
// errors are OAuth's, so that it is not a row of the API.
#pragma once
#include "exchange/rest/rates.h"
#include "http/router.h"
#include "identity/identity.h"

namespace exchange::rest {

class TokenFace {
 public:
  // What is passed in outlives this, and this its route.
  TokenFace(identity::Identity& identity, const base::Clock& clock)
      : identity_(identity), clock_(clock) {}
  std::vector<http::Route> routes();

 private:
  http::Response answer(const http::Request& request);
  identity::Identity& identity_;
  const base::Clock& clock_;
  Rates rates_;
};

}  // namespace exchange::rest
