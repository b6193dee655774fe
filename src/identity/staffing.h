// Whether people work for an organisation: what no system serves is done by hand.
#pragma once
#include <map>
#include <optional>

#include "base/result.h"
#include "base/time.h"
#include "identity/directory.h"
#include "store/connection.h"

namespace identity {

// Within one read; asks once for each organisation. What is passed in outlives it. One thread.
class Staffing {
 public:
  Staffing(store::Connection& connection, const Directory& directory, base::Time now)
      : connection_(connection), directory_(directory), now_(now) {}

  // Since when, without a gap until now, somebody who may sign in has held a post that may
  // acknowledge deliveries for it, there or above it. Nothing when nobody does now.
  base::Result<std::optional<base::Time>> since(OrganisationKey organisation);

 private:
  store::Connection& connection_;
  const Directory& directory_;
  const base::Time now_;
  std::map<OrganisationKey, std::optional<base::Time>> known_;
};

}  // namespace identity
