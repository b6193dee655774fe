// Who calls, and what they may: the one place where rights are decided. Faces make a Principal of
// what the caller shows (a session, a token, a key, a certificate) and ask may() or reach() before
// anything else; nothing further down looks at names.
#pragma once
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "identity/keys.h"
#include "identity/permission.h"

namespace identity {

// Permissions for certain organisations.
struct Grant {
  Permissions permissions;
  std::vector<OrganisationKey> organisations;  // in order; kPlatform among them: of the platform
  // Every organisation there is: what the platform's posts may see of traces and figures.
  bool everywhere = false;
  PostKey post = 0;        // through which post it is held; 0: a system's
  PersonKey for_whom = 0;  // who delegated it; 0: held in one's own name
};

// How sure we are that it is them.
enum class Assurance : unsigned char {
  none,
  single,         // an API key, a token, a certificate
  two_factors,    // a password and a code
  user_verified,  // a passkey that verified its user
};

struct Principal {
  // console: a command of `truc` on the machine itself, run by who administers it.
  enum class Kind : unsigned char { stranger, person, system, console };
  Kind kind = Kind::stranger;
  PersonKey person = 0;
  SystemKey system = 0;
  CredentialKey credential = 0;  // of a system: what it showed
  // For the journal: "person:12", "system:00.53.W00", "console"; empty for a stranger.
  std::string id;
  Assurance assurance = Assurance::none;
  std::optional<base::Time> verified_at;  // when the user last proved to be there
  std::vector<Grant> grants;
};

// The administrator of the machine: everything but what is in documents or speaks for an
// organisation.
Principal console();

// For which organisations something is allowed.
struct Reach {
  bool everywhere = false;
  std::vector<OrganisationKey> organisations;  // in order, each once
  bool none() const { return !everywhere && organisations.empty(); }
  bool covers(OrganisationKey organisation) const {
    return everywhere ||
           std::binary_search(organisations.begin(), organisations.end(), organisation);
  }
};

Reach reach(const Principal& principal, Permission permission);
// For `organisation` (kPlatform: for the platform itself).
bool may(const Principal& principal, Permission permission, OrganisationKey organisation);
// For any organisation at all.
bool may(const Principal& principal, Permission permission);
// identity.not_permitted (Code::forbidden), which names what is missing.
base::Result<void> require(const Principal& principal, Permission permission,
                           OrganisationKey organisation);
// identity.verify_again (Code::forbidden) unless the user was verified within `within` of `now`.
base::Result<void> require_verified(const Principal& principal, base::Time now,
                                    base::Duration within = std::chrono::minutes(5));

}  // namespace identity
