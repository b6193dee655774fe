// All of the API: one file of rows for each resource, one line for each here.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "exchange/bundling.h"
#include "exchange/exchange.h"
#include "exchange/feed/feed.h"
#include "exchange/rest/face.h"
#include "exchange/rest/platform.h"
#include "exchange/rest/route.h"
#include "exchange/rest/verification.h"
#include "exchange/uploads/uploads.h"
#include "exchange/webhooks/subscriptions.h"
#include "identity/identity.h"
#include "search/index.h"
#include "store/chain_watch.h"

namespace exchange::rest {

struct ApiOptions {
  std::uint64_t document_bytes_max = 10ull << 30;
  std::string spool_directory = "/tmp";  // for bundles while they are made
  std::size_t streams_of_caller_max = 100;
  BundleMaker* bundles = nullptr;              // outlives the rows; null: there are no evidences
  const Verification* verification = nullptr;  // outlives the rows; null: nothing is verified
};

// What the rows work on; all of it outlives them.
struct ApiParts {
  Exchange& exchange;
  identity::Identity& identity;
  base::Random& random;
  feed::Feed& feed;
  webhooks::Subscriptions& webhooks;
  uploads::Uploads& uploads;
  base::Metrics& metrics;
  search::Index* search = nullptr;                    // null: there is none
  Authenticate authenticate;                          // asked again while a stream goes on
  const store::journal::ChainWatch* chain = nullptr;  // null: nobody walks it
  Platform* platform = nullptr;                       // null: nobody knows how it is doing
};
std::vector<Route> api(const ApiParts& parts, const ApiOptions& options);

}  // namespace exchange::rest
