// Identity as a whole: who there is, how they sign in, and who is calling.
#pragma once
#include "identity/approvals.h"
#include "identity/people.h"
#include "identity/system_credentials.h"

namespace identity {

class Identity {
 public:
  // What is passed in outlives this.
  Identity(store::Database& database, Directory& directory, const base::Clock& clock,
           base::Random& random, base::BytesView secrets_key)
      : people(database, directory, clock),
        credentials(database, directory, clock, random, secrets_key),
        approvals(database, clock) {}

  People people;
  SystemCredentials credentials;
  Approvals approvals;
};

}  // namespace identity
