#include "identity/sign_in/session.h"

#include <utility>

#include "base/hash.h"
#include "base/log.h"
#include "base/text.h"
#include "identity/sign_in/encoding.h"

namespace identity {
namespace {

using store::Blob;
using store::Query;

constexpr base::Duration kSeenEvery = std::chrono::minutes(1);
constexpr std::size_t kTokenBytes = 32, kUserAgentBytesMax = 200, kAddressBytesMax = 64;
constexpr int kSessionsMax = 50;  // of a person

const Query kInsert{
    "identity.session_insert",
    "insert into sign_in_session (key, hash, person, means, created_at, seen_at, "
    "verified_at, address, user_agent) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"};
const Query kOver{"identity.sessions_over",
                  "delete from sign_in_session where key in (select key from sign_in_session "
                  "where person = $1 order by seen_at desc, key limit 1000 offset $2)"};
const Query kDead{"identity.sessions_dead", "delete from sign_in_session where seen_at < $1"};
const Query kRotate{"identity.session_rotate",
                    "update sign_in_session set hash = $2, seen_at = $3, verified_at = $4 "
                    "where key = $1 and person = $5"};
const Query kFind{"identity.session_find",
                  "select key, person, means, created_at, seen_at, verified_at, address, "
                  "user_agent from sign_in_session where hash = $1"};
const Query kSeen{"identity.session_seen",
                  "update sign_in_session set seen_at = $2 where hash = $1 and seen_at < $2"};
const Query kOf{"identity.sessions_of",
                "select key, person, means, created_at, seen_at, verified_at, address, "
                "user_agent from sign_in_session where person = $1 order by seen_at desc, key"};
const Query kEnd{"identity.session_end",
                 "delete from sign_in_session where person = $1 and key = $2"};
const Query kEndOthers{"identity.sessions_end_others",
                       "delete from sign_in_session where person = $1 and key <> $2"};

Session session_of(const store::Row& row) {
  Session session;
  session.key = row.integer(0);
  session.person = row.integer(1);
  session.means = static_cast<Means>(row.integer(2));
  session.created_at = row.time(3);
  session.seen_at = row.time(4);
  session.verified_at = row.optional_time(5);
  session.address = row.string(6);
  session.user_agent = row.string(7);
  return session;
}

base::Error not_signed_in() {
  return base::Error(base::Code::unauthenticated, "identity.not_signed_in",
                     "nobody is signed in here, or the session has ended; sign in",
                     "chưa đăng nhập hoặc phiên làm việc đã kết thúc; hãy đăng nhập");
}

}  // namespace

std::string_view means_name(Means means) {
  switch (means) {
    case Means::password_totp:
      return "password_totp";
    case Means::password_recovery_code:
      return "password_recovery_code";
    case Means::passkey:
      return "passkey";
    case Means::oidc:
      return "oidc";
  }
  return "unknown";
}

Assurance assurance(const Session& session) {
  if (session.verified_at) return Assurance::user_verified;
  return session.means == Means::oidc ? Assurance::single : Assurance::two_factors;
}

Sessions::Sessions(store::Database& database, const base::Clock& clock, base::Random& random,
                   base::Bytes key, const SignInOptions& options)
    : database_(database),
      clock_(clock),
      random_(random),
      key_(std::move(key)),
      options_(options) {}

std::string Sessions::new_token() { return base64url(random_.bytes(kTokenBytes)); }

std::string Sessions::csrf_of(const base::Bytes& hash) const {
  return base64url(base::hmac_sha256(key_, "csrf " + hash));
}

// A clock that was set back by more than a minute ends sessions rather than lengthens them.
bool Sessions::alive(const Session& session, base::Time now) const {
  const base::Duration age = now - session.created_at, idle = now - session.seen_at;
  return age < options_.session_longest && idle < options_.session_idle && age >= -kSeenEvery;
}

base::Result<Session> Sessions::begin(store::Connection& connection, const std::string& token,
                                      PersonKey person, Means means, const Caller& caller) {
  const base::Bytes hash = base::sha256(token);
  Session session;
  // Of the token, so that a change that runs again writes the same.
  for (std::size_t i = 0; i < 6; ++i) {
    session.key = session.key << 8 | static_cast<unsigned char>(hash[i]);
  }
  session.key += 1;
  session.person = person;
  session.means = means;
  session.created_at = session.seen_at = clock_.now();
  if (means == Means::passkey) session.verified_at = session.created_at;
  session.address = std::string(base::cut_utf8(caller.address, kAddressBytesMax));
  if (base::is_utf8(caller.user_agent)) {
    session.user_agent = std::string(base::cut_utf8(caller.user_agent, kUserAgentBytesMax));
  }
  session.csrf = csrf_of(hash);
  TRY(connection.run(kDead, {session.created_at - options_.session_longest}));
  TRY(connection.run(kOver, {person, kSessionsMax - 1}));
  TRY(connection.run(kInsert,
                     {session.key, Blob{hash}, person, static_cast<int>(means), session.created_at,
                      session.seen_at, session.verified_at, session.address, session.user_agent}));
  return session;
}

base::Result<Session> Sessions::rotate(store::Connection& connection, const Session& session,
                                       const std::string& token, bool verified) {
  const base::Bytes hash = base::sha256(token);
  Session next = session;
  next.seen_at = clock_.now();
  if (verified) next.verified_at = next.seen_at;
  next.csrf = csrf_of(hash);
  const auto changed = TRY(connection.run(
      kRotate, {session.key, Blob{hash}, next.seen_at, next.verified_at, session.person}));
  if (changed == 0) return not_signed_in();
  return next;
}

base::Result<Session> Sessions::find(std::string_view token) {
  const auto bytes = from_base64url(token);
  if (!bytes || bytes->size() != kTokenBytes) return not_signed_in();
  const base::Bytes hash = base::sha256(token);
  Session session;
  bool found = false;
  TRY(database_.read([&](store::Connection& connection) -> base::Result<void> {
    found = TRY(connection.first(kFind, {Blob{hash}},
                                 [&](const store::Row& row) { session = session_of(row); }));
    return base::done();
  }));
  const base::Time now = clock_.now();
  if (!found || !alive(session, now)) return not_signed_in();
  session.csrf = csrf_of(hash);
  if (now - session.seen_at < kSeenEvery) return session;
  const auto noted = database_.write([&](store::Connection& connection) -> base::Result<void> {
    TRY(connection.run(kSeen, {Blob{hash}, now}));
    return base::done();
  });
  // The person works on; the session only seems older than it is.
  if (!noted)
    base::log::warning("identity.session_not_noted", {{"reason", noted.error().reason()}});
  session.seen_at = now;
  return session;
}

base::Result<std::vector<Session>> Sessions::of(PersonKey person) {
  std::vector<Session> all;
  const base::Time now = clock_.now();
  TRY(database_.read([&](store::Connection& connection) {
    return connection.each(kOf, {person}, [&](const store::Row& row) {
      Session session = session_of(row);
      if (alive(session, now)) all.push_back(std::move(session));
      return true;
    });
  }));
  return all;
}

base::Result<std::int64_t> Sessions::end(store::Connection& connection, PersonKey person,
                                         SessionKey key) {
  return connection.run(kEnd, {person, key});
}

base::Result<std::int64_t> Sessions::end_others(store::Connection& connection, PersonKey person,
                                                SessionKey kept) {
  return connection.run(kEndOthers, {person, kept});
}

}  // namespace identity
