// A person's signed-in browser.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"
#include "base/result.h"
#include "base/time.h"
#include "http/message.h"
#include "identity/keys.h"
#include "identity/principal.h"
#include "identity/sign_in/options.h"
#include "store/database.h"

namespace identity {

using SessionKey = std::int64_t;  // 0: none

enum class Means : unsigned char { password_totp, password_recovery_code, passkey, oidc };
std::string_view means_name(Means means);  // "password_totp" …

struct Session {
  SessionKey key = 0;
  PersonKey person = 0;
  Means means = Means::passkey;
  base::Time created_at, seen_at;
  std::optional<base::Time> verified_at;  // when a passkey last verified the user
  std::string address, user_agent;        // of the sign-in
  std::string csrf;                       // what changing requests must bring as X-CSRF-Token
};

// What the permissions make of it.
Assurance assurance(const Session& session);

struct SignedIn {
  std::string token;  // for the cookie; nowhere else to be had
  Session session;
};

struct Caller {
  std::string address;
  std::string user_agent;  // at most 200 bytes are kept
};

// Tokens are 256 random bits; the database has their SHA-256. Any thread.
class Sessions {
 public:
  // What is passed in outlives the object; `key` makes the CSRF tokens.
  Sessions(store::Database& database, const base::Clock& clock, base::Random& random,
           base::Bytes key, const SignInOptions& options);

  // A token for a session to come.
  std::string new_token();
  // Within the transaction of `connection`. At most 50 a person; the one unseen for longest goes.
  base::Result<Session> begin(store::Connection& connection, const std::string& token,
                              PersonKey person, Means means, const Caller& caller);
  // Gives the session a new token; the old one is worth nothing from then on. With `verified`, the
  // user was verified just now. identity.not_signed_in when the session has ended.
  base::Result<Session> rotate(store::Connection& connection, const Session& session,
                               const std::string& token, bool verified);
  // Whose it is; that it was used is noted, at most once a minute. identity.not_signed_in.
  base::Result<Session> find(std::string_view token);
  base::Result<std::vector<Session>> of(PersonKey person);
  // Ends one, or all but `kept` (0: all). How many there were.
  base::Result<std::int64_t> end(store::Connection& connection, PersonKey person, SessionKey key);
  base::Result<std::int64_t> end_others(store::Connection& connection, PersonKey person,
                                        SessionKey kept);

 private:
  bool alive(const Session& session, base::Time now) const;
  std::string csrf_of(const base::Bytes& hash) const;

  store::Database& database_;
  const base::Clock& clock_;
  base::Random& random_;
  const base::Bytes key_;
  const SignInOptions& options_;
};

// --- cookies; `tls`: whether the browser speaks TLS, to us or to a proxy in front
// ---------------------
std::string session_cookie(const std::string& token, bool tls);  // a value of Set-Cookie
std::string ended_session_cookie(bool tls);
// The token in the request's Cookie; empty when there is none or more than one.
std::string session_token(const http::Headers& headers, bool tls);

// Whether a request that changes something comes from our own pages: X-CSRF-Token is the session's,
// Sec-Fetch-Site is same-origin, Origin is one of `origins`; of the last two at least one must be
// there. Requests that change nothing (GET, HEAD, OPTIONS) always may. identity.foreign_page.
base::Result<void> csrf_ok(const http::Head& head, const Session& session,
                           const std::vector<std::string>& origins);

}  // namespace identity
