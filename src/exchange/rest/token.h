// POST /oauth/token: an access token for a client's id and secret (RFC 6749 §4.4). Its bodies and
// errors are OAuth's, so that it is not a row of the API.
#pragma once
#include "exchange/exchange.h"
#include "exchange/rest/rates.h"
#include "http/router.h"
#include "identity/identity.h"

namespace exchange::rest {

class TokenFace {
 public:
  // What is passed in outlives this, and this its route.
  TokenFace(Exchange& exchange, identity::Identity& identity)
      : exchange_(exchange), identity_(identity), clock_(exchange.clock()) {}
  std::vector<http::Route> routes();

 private:
  http::Response answer(const http::Request& request);
  void note(const http::Request& request, std::string_view client, const base::Error* refusal);
  Exchange& exchange_;
  identity::Identity& identity_;
  const base::Clock& clock_;
  Rates rates_;
};

}  // namespace exchange::rest
