// What a person does with sessions, password, app and codes: SignIn.
#include "base/hash.h"
#include "identity/sign_in/encoding.h"
#include "identity/sign_in/password_policy.h"
#include "identity/sign_in/sign_in.h"
#include "identity/sign_in/sign_in_errors.h"
#include "identity/sign_in/totp.h"
#include "store/journal.h"

namespace identity {
namespace {

constexpr base::Duration kSetupTime = std::chrono::minutes(15);
constexpr int kSetupTries = 5;
constexpr std::size_t kRecoveryCodes = 10, kRecoveryCodeBytes = 10;

}  // namespace

base::Result<Session> SignIn::session(std::string_view token) {
  Session found = TRY(sessions_.find(token));
  const auto who = TRY(parts_.people.by_key(found.person));
  if (!who || !who->enabled) return sign_in_failed();
  return found;
}

base::Result<std::vector<Session>> SignIn::sessions(PersonKey person) {
  return sessions_.of(person);
}

base::Result<void> SignIn::sign_out(const Session& session) {
  return parts_.database.write([&](store::Connection& connection) -> base::Result<void> {
    TRY(sessions_.end(connection, session.person, session.key));
    return base::done();
  });
}

base::Result<void> SignIn::end_session(PersonKey person, SessionKey key, std::string_view by) {
  const base::Time now = parts_.clock.now();
  return change(person, now, "sessions_ended", by,
                [&](store::Connection& connection, base::Json& body) -> base::Result<void> {
                  if (TRY(sessions_.end(connection, person, key)) == 0) {
                    return base::Error(base::Code::not_found, "identity.session_unknown",
                                       "there is no such session any more; reload the list",
                                       "phiên làm việc này không còn; hãy tải lại danh sách");
                  }
                  body.add("count", 1);
                  return base::done();
                });
}

base::Result<std::int64_t> SignIn::end_sessions(PersonKey person, SessionKey kept,
                                                std::string_view by) {
  const base::Time now = parts_.clock.now();
  std::int64_t count = 0;
  TRY(change(person, now, "sessions_ended", by,
             [&](store::Connection& connection, base::Json& body) -> base::Result<void> {
               count = TRY(sessions_.end_others(connection, person, kept));
               body.add("count", count);
               return base::done();
             }));
  return count;
}

base::Result<void> SignIn::csrf_ok(const http::Head& head, const Session& session) const {
  return identity::csrf_ok(head, session, parts_.options.party.origins);
}

base::Result<void> SignIn::require_fresh(const Session& session) const {
  if (!session.verified_at) return verification_needed();
  const base::Duration age = parts_.clock.now() - *session.verified_at;
  const bool fresh = age < parts_.options.fresh && age >= -parts_.options.fresh;
  return fresh ? base::done() : verification_needed();
}

base::Result<SignIn::Holder> SignIn::holder(const Session& session) {
  const Holder holder{session.person, session.key, "person:" + std::to_string(session.person)};
  if (require_fresh(session)) return holder;
  const Overview has = TRY(overview(session.person));
  const bool two_factors = assurance(session) == Assurance::two_factors;
  const base::Duration age = parts_.clock.now() - session.created_at;
  const bool just_now = age < parts_.options.fresh && age >= -parts_.options.fresh;
  if (!has.passkeys.empty() || !two_factors || !just_now) return verification_needed();
  return holder;
}

base::Result<SignIn::Holder> SignIn::holder(std::string_view enrolment) {
  constexpr int kCallsMax = 100;
  const Ceremony ceremony = TRY(ceremonies_.use(enrolment, CeremonyKind::enrolment, kCallsMax));
  const SignInPerson who = TRY(person(ceremony.person));
  return Holder{who.key, 0, "person:" + std::to_string(who.key)};
}

base::Result<SignIn::Overview> SignIn::overview(PersonKey person) {
  Overview has;
  TRY(parts_.database.read([&](store::Connection& connection) -> base::Result<void> {
    has.password = !TRY(credentials::password(connection, person)).empty();
    has.totp = TRY(credentials::totp(connection, person)).has_value();
    has.recovery_codes = TRY(credentials::recovery_codes_left(connection, person));
    has.passkeys = TRY(credentials::passkeys(connection, person));
    return base::done();
  }));
  return has;
}

base::Result<void> SignIn::set_password(const Holder& holder, std::string_view password) {
  const SignInPerson who = TRY(person(holder.person));
  TRY(check_new_password(password, who.login));
  const std::string hash = TRY(hasher_.hash(password));
  const base::Time now = parts_.clock.now();
  return change(who.key, now, "password_set", holder.by,
                [&](store::Connection& connection, base::Json& body) -> base::Result<void> {
                  TRY(credentials::put_password(connection, who.key, hash, now));
                  const auto ended = TRY(sessions_.end_others(connection, who.key, holder.session));
                  body.add("sessions_ended", ended);
                  // A password that was right a moment ago opens nothing any more.
                  return ceremonies_.end_sign_ins(connection, who.key);
                });
}

base::Result<SignIn::TotpStep> SignIn::begin_totp(const Holder& holder) {
  const SignInPerson who = TRY(person(holder.person));
  const base::Bytes secret = parts_.random.bytes(kTotpSecretBytes);
  Ceremony ceremony;
  ceremony.person = holder.person;
  ceremony.session = holder.session;
  ceremony.data.add("secret", base64url(secret));
  TotpStep step;
  step.ceremony = TRY(ceremonies_.begin(CeremonyKind::totp, ceremony, kSetupTime));
  step.secret = base32(secret);
  step.uri = totp_uri(secret, parts_.options.name, who.login);
  return step;
}

base::Result<void> SignIn::finish_totp(const Holder& holder, std::string_view token,
                                       std::string_view code) {
  const Ceremony ceremony = TRY(ceremonies_.use(token, CeremonyKind::totp, kSetupTries));
  const auto secret = from_base64url(ceremony.data["secret"].text());
  const base::Time now = parts_.clock.now();
  const bool same = ceremony.person == holder.person && ceremony.session == holder.session;
  const auto step = same && secret ? totp_match(*secret, code, now, 0) : std::nullopt;
  if (!step) return code_refused();
  const base::Bytes sealed =
      base::seal(derived("totp"), std::to_string(holder.person), *secret, parts_.random.bytes(12));
  return change(holder.person, now, "totp_set", holder.by,
                [&](store::Connection& connection, base::Json&) -> base::Result<void> {
                  TRY(ceremonies_.end(connection, token));
                  return credentials::put_totp(connection, holder.person, sealed, *step, now);
                });
}

base::Result<void> SignIn::remove_totp(const Holder& holder) {
  const base::Time now = parts_.clock.now();
  return change(holder.person, now, "totp_removed", holder.by,
                [&](store::Connection& connection, base::Json&) -> base::Result<void> {
                  const bool there = TRY(credentials::remove_totp(connection, holder.person));
                  return there ? base::done() : credential_unknown();
                });
}

base::Result<std::vector<std::string>> SignIn::make_recovery_codes(const Holder& holder) {
  std::vector<std::string> codes;
  std::vector<base::Bytes> hashes;
  for (std::size_t i = 0; i < kRecoveryCodes; ++i) {
    codes.push_back(typed_code(parts_.random.bytes(kRecoveryCodeBytes)));
    hashes.push_back(code_hash("recovery code", codes.back()));
  }
  const base::Time now = parts_.clock.now();
  TRY(change(holder.person, now, "recovery_codes_made", holder.by,
             [&](store::Connection& connection, base::Json& body) -> base::Result<void> {
               body.add("count", static_cast<std::int64_t>(codes.size()));
               return credentials::put_recovery_codes(connection, holder.person, hashes, now);
             }));
  return codes;
}

}  // namespace identity
