#include "identity/sign_in/credentials.h"

#include "base/hash.h"

namespace identity::credentials {
namespace {

using store::Blob;
using store::Query;

const Query kPassword{"identity.password", "select hash from sign_in_password where person = $1"};
const Query kPutPassword{"identity.password_put",
                         "insert into sign_in_password (person, hash, changed_at) "
                         "values ($1, $2, $3) on conflict (person) do update set "
                         "hash = excluded.hash, changed_at = excluded.changed_at"};
const Query kTotp{"identity.totp", "select secret, last_step from sign_in_totp where person = $1"};
const Query kPutTotp{"identity.totp_put",
                     "insert into sign_in_totp (person, secret, last_step, added_at) "
                     "values ($1, $2, $3, $4) on conflict (person) do update set "
                     "secret = excluded.secret, last_step = excluded.last_step, "
                     "added_at = excluded.added_at"};
const Query kUseTotp{"identity.totp_use",
                     "update sign_in_totp set last_step = $2 where person = $1 and last_step < $2"};
const Query kRemoveTotp{"identity.totp_remove", "delete from sign_in_totp where person = $1"};
const Query kDropCodes{"identity.recovery_codes_drop",
                       "delete from sign_in_recovery_code where person = $1"};
const Query kAddCode{"identity.recovery_code_add",
                     "insert into sign_in_recovery_code (hash, person, made_at) "
                     "values ($1, $2, $3)"};
const Query kCodesLeft{"identity.recovery_codes_left",
                       "select count(*) from sign_in_recovery_code where person = $1"};
const Query kUseCode{"identity.recovery_code_use",
                     "delete from sign_in_recovery_code where hash = $1 and person = $2"};
const Query kOidcPerson{"identity.oidc_person",
                        "select person from sign_in_oidc_link where issuer = $1 and subject = $2"};
const Query kLinkOidc{"identity.oidc_link",
                      "insert into sign_in_oidc_link (issuer, subject, person, linked_at) "
                      "values ($1, $2, $3, $4) on conflict (issuer, subject) do nothing"};
const Query kUnlinkOidc{"identity.oidc_unlink", "delete from sign_in_oidc_link where person = $1"};
const Query kDropLinkCode{"identity.link_code_drop",
                          "delete from sign_in_link_code where person = $1 or expires_at <= $2"};
const Query kAddLinkCode{"identity.link_code_add",
                         "insert into sign_in_link_code (hash, person, made_at, expires_at) "
                         "values ($1, $2, $3, $4)"};
const Query kUseLinkCode{"identity.link_code_use",
                         "delete from sign_in_link_code where hash = $1 and expires_at > $2 "
                         "and made_at <= $3 returning person"};

// A code is not known before it was made: with a clock set back it counts again later.
constexpr base::Duration kClockSkew = std::chrono::minutes(5);

}  // namespace

base::Result<std::string> password(store::Connection& connection, PersonKey person) {
  std::string hash;
  TRY(connection.first(kPassword, {person}, [&](const store::Row& row) { hash = row.string(0); }));
  return hash;
}

base::Result<void> put_password(store::Connection& connection, PersonKey person,
                                const std::string& hash, base::Time now) {
  TRY(connection.run(kPutPassword, {person, hash, now}));
  return base::done();
}

base::Result<std::optional<Totp>> totp(store::Connection& connection, PersonKey person) {
  std::optional<Totp> found;
  TRY(connection.first(kTotp, {person}, [&](const store::Row& row) {
    found = Totp{base::Bytes(row.bytes(0)), row.integer(1)};
  }));
  return found;
}

base::Result<void> put_totp(store::Connection& connection, PersonKey person, base::BytesView sealed,
                            std::int64_t last_step, base::Time now) {
  TRY(connection.run(kPutTotp, {person, Blob{sealed}, last_step, now}));
  return base::done();
}

base::Result<bool> use_totp_step(store::Connection& connection, PersonKey person,
                                 std::int64_t step) {
  return TRY(connection.run(kUseTotp, {person, step})) == 1;
}

base::Result<bool> remove_totp(store::Connection& connection, PersonKey person) {
  return TRY(connection.run(kRemoveTotp, {person})) == 1;
}

base::Result<void> put_recovery_codes(store::Connection& connection, PersonKey person,
                                      const std::vector<base::Bytes>& hashes, base::Time now) {
  TRY(connection.run(kDropCodes, {person}));
  for (const base::Bytes& hash : hashes) {
    TRY(connection.run(kAddCode, {Blob{hash}, person, now}));
  }
  return base::done();
}

base::Result<std::int64_t> recovery_codes_left(store::Connection& connection, PersonKey person) {
  return TRY(connection.integer(kCodesLeft, {person})).value_or(0);
}

base::Result<bool> use_recovery_code(store::Connection& connection, PersonKey person,
                                     base::BytesView hash) {
  return TRY(connection.run(kUseCode, {Blob{hash}, person})) == 1;
}

base::Result<PersonKey> oidc_person(store::Connection& connection, std::string_view issuer,
                                    std::string_view subject) {
  return TRY(connection.integer(kOidcPerson, {issuer, subject})).value_or(0);
}

base::Result<bool> link_oidc(store::Connection& connection, std::string_view issuer,
                             std::string_view subject, PersonKey person, base::Time now) {
  return TRY(connection.run(kLinkOidc, {issuer, subject, person, now})) == 1;
}

base::Result<std::int64_t> unlink_oidc(store::Connection& connection, PersonKey person) {
  return connection.run(kUnlinkOidc, {person});
}

base::Result<void> put_link_code(store::Connection& connection, PersonKey person,
                                 base::BytesView hash, base::Time now, base::Time expires_at) {
  TRY(connection.run(kDropLinkCode, {person, now}));
  TRY(connection.run(kAddLinkCode, {Blob{hash}, person, now, expires_at}));
  return base::done();
}

base::Result<PersonKey> use_link_code(store::Connection& connection, base::BytesView hash,
                                      base::Time now) {
  return TRY(connection.integer(kUseLinkCode, {Blob{hash}, now, now + kClockSkew})).value_or(0);
}

}  // namespace identity::credentials
