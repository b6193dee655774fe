// What is under way between two requests: a challenge that was given, a password that was right, a
// secret that is not confirmed yet. Kept in the database, sealed; who comes back brings the token.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/json.h"
#include "base/random.h"
#include "base/result.h"
#include "base/time.h"
#include "identity/keys.h"
#include "store/database.h"

namespace identity {

enum class CeremonyKind : unsigned char {
  second_factor,
  passkey_sign_in,
  step_up,
  registration,
  totp,
  enrolment,
  oidc,
  oidc_link,
};

struct Ceremony {
  PersonKey person = 0;      // 0: not known yet
  std::int64_t session = 0;  // the session that began it; 0: none
  base::Json data;
};

// Any thread.
class Ceremonies {
 public:
  // `key` (32 bytes) seals what is kept. What is passed in outlives the object.
  Ceremonies(store::Database& database, const base::Clock& clock, base::Random& random,
             base::Bytes key);
  // Durable; gives the token. identity.sign_in_busy while 20,000 are under way.
  base::Result<std::string> begin(CeremonyKind kind, const Ceremony& ceremony,
                                  base::Duration lifetime);
  // Ends it and gives what it held: nobody gets it a second time, whatever becomes of this one.
  // Durable. identity.ceremony_over when there is none of that kind, or its time is over.
  base::Result<Ceremony> take(std::string_view token, CeremonyKind kind);
  // Gives what it holds and leaves it, `tries_max` times; then it is over. Durable.
  base::Result<Ceremony> use(std::string_view token, CeremonyKind kind, int tries_max);
  // Within the transaction of `connection`.
  base::Result<void> end(store::Connection& connection, std::string_view token);
  // Those in which the person's password was right already.
  base::Result<void> end_sign_ins(store::Connection& connection, PersonKey person);

 private:
  base::Result<Ceremony> open(std::string_view token, CeremonyKind kind, int tries_max);

  store::Database& database_;
  const base::Clock& clock_;
  base::Random& random_;
  const base::Bytes key_;
};

}  // namespace identity
