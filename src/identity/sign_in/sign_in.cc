#include "identity/sign_in/sign_in.h"

#include <utility>

#include "base/hash.h"
#include "base/log.h"
#include "identity/sign_in/encoding.h"
#include "identity/sign_in/sign_in_errors.h"
#include "identity/sign_in/totp.h"
#include "store/journal.h"

namespace identity {
namespace {

constexpr base::Duration kCeremonyTime = std::chrono::minutes(5);
constexpr int kSecondFactorTries = 3;
constexpr std::size_t kLoginBytesMax = 128, kPasswordBytesMax = 1024;

}  // namespace

SignIn::SignIn(Parts parts)
    : parts_(std::move(parts)),
      hasher_(parts_.options.password_cost, parts_.options.pepper),
      attempts_(parts_.database, parts_.clock, derived("attempts"), parts_.options.failures_max),
      ceremonies_(parts_.database, parts_.clock, parts_.random, derived("ceremonies")),
      sessions_(parts_.database, parts_.clock, parts_.random, derived("sessions"), parts_.options) {
  if (parts_.options.oidc.offered()) {
    oidc_ = std::make_unique<Oidc>(parts_.options.oidc, parts_.clock, parts_.random);
  }
}

base::Bytes SignIn::derived(std::string_view purpose) const {
  return base::hmac_sha256(parts_.secrets_key, "truc sign-in " + std::string(purpose));
}

base::Bytes SignIn::code_hash(std::string_view purpose, std::string_view typed) const {
  return base::hmac_sha256(derived(purpose), normalised_typed(typed));
}

// The same for all of a person's passkeys, and says nothing to whoever reads it.
base::Bytes SignIn::user_handle(PersonKey person) const {
  return base::hmac_sha256(derived("user handle"), std::to_string(person));
}

base::Result<SignInPerson> SignIn::person(PersonKey key) {
  const auto found = TRY(parts_.people.by_key(key));
  if (!found || !found->enabled) return sign_in_failed();
  return *found;
}

base::Result<void> SignIn::change(
    PersonKey person, base::Time now, std::string_view kind, std::string_view by,
    const std::function<base::Result<void>(store::Connection&, base::Json& body)>& work) {
  TRY(parts_.database.write([&](store::Connection& connection) -> base::Result<void> {
    base::Json body;
    body.add("by", by);
    TRY(work(connection, body));
    return store::journal::append(connection, now, kind, "person:" + std::to_string(person), body);
  }));
  if (parts_.notices) parts_.notices({person, std::string(kind), now});
  return base::done();
}

base::Result<SignedIn> SignIn::signed_in(
    const SignInPerson& person, Means means, const Caller& caller,
    const std::function<base::Result<void>(store::Connection&)>& also) {
  SignedIn done;
  done.token = sessions_.new_token();
  const base::Time now = parts_.clock.now();
  TRY(parts_.database.write([&](store::Connection& connection) -> base::Result<void> {
    TRY(also(connection));
    done.session = TRY(sessions_.begin(connection, done.token, person.key, means, caller));
    base::Json body;
    body.add("means", means_name(means));
    return store::journal::append(connection, now, "signed_in",
                                  "person:" + std::to_string(person.key), body);
  }));
  return done;
}

base::Result<SignIn::PasswordStep> SignIn::begin_password(std::string_view login,
                                                          std::string_view password,
                                                          const Caller& caller) {
  if (login.empty() || login.size() > kLoginBytesMax || password.size() > kPasswordBytesMax) {
    return sign_in_failed();
  }
  TRY(attempts_.admit(login, caller.address));
  const auto found = TRY(parts_.people.by_login(login));
  const bool may = found && found->enabled;
  // The same is read and computed for those who do not exist.
  const PersonKey key = may ? found->key : 0;
  std::string kept;
  TRY(parts_.database.read([&](store::Connection& connection) -> base::Result<void> {
    kept = TRY(credentials::password(connection, key));
    return base::done();
  }));
  const Overview has = TRY(overview(key));
  if (!TRY(hasher_.matches(password, kept))) return sign_in_failed();
  if (!has.totp && has.recovery_codes == 0) return second_factor_missing();
  if (hasher_.outdated(kept)) {
    const std::string renewed = TRY(hasher_.hash(password));
    TRY(parts_.database.write([&](store::Connection& connection) {
      return credentials::put_password(connection, found->key, renewed, parts_.clock.now());
    }));
  }
  Ceremony ceremony;
  ceremony.person = found->key;
  ceremony.data.add("login", login);
  PasswordStep step;
  step.ceremony = TRY(ceremonies_.begin(CeremonyKind::second_factor, ceremony, kCeremonyTime));
  step.totp = has.totp;
  step.recovery_codes = has.recovery_codes > 0;
  return step;
}

base::Result<SignedIn> SignIn::finish_second_factor(
    std::string_view token, Means means, const Caller& caller,
    const std::function<base::Result<bool>(store::Connection&, PersonKey)>& use) {
  const Ceremony ceremony =
      TRY(ceremonies_.use(token, CeremonyKind::second_factor, kSecondFactorTries));
  const std::string login(ceremony.data["login"].text());
  const SignInPerson who = TRY(person(ceremony.person));
  auto done =
      signed_in(who, means, caller, [&](store::Connection& connection) -> base::Result<void> {
        if (!TRY(use(connection, who.key))) return code_refused();
        TRY(ceremonies_.end(connection, token));
        return attempts_.succeeded(connection, login, caller.address);
      });
  if (!done && done.error().reason() == code_refused().reason()) {
    TRY(attempts_.count(login, caller.address));
  }
  return done;
}

base::Result<base::Bytes> SignIn::opened_totp(PersonKey person, base::BytesView sealed) const {
  auto secret = base::unseal(derived("totp"), std::to_string(person), sealed);
  if (!secret) {
    return base::Error(
        base::Code::data_loss, "identity.totp_damaged",
        "the secret of the authenticator app cannot be read; an administrator's "
        "link code lets the person set it up again",
        "không đọc được khóa của ứng dụng xác thực; hãy xin mã liên kết của quản trị "
        "viên để thiết lập lại");
  }
  return std::move(*secret);
}

base::Result<SignedIn> SignIn::finish_with_totp(std::string_view ceremony, std::string_view code,
                                                const Caller& caller) {
  const base::Time now = parts_.clock.now();
  return finish_second_factor(
      ceremony, Means::password_totp, caller,
      [&](store::Connection& connection, PersonKey key) -> base::Result<bool> {
        const auto kept = TRY(credentials::totp(connection, key));
        if (!kept) return false;
        const base::Bytes secret = TRY(opened_totp(key, kept->sealed));
        const auto step = totp_match(secret, code, now, kept->last_step);
        if (!step) return false;
        return credentials::use_totp_step(connection, key, *step);
      });
}

base::Result<SignedIn> SignIn::finish_with_recovery_code(std::string_view ceremony,
                                                         std::string_view code,
                                                         const Caller& caller) {
  const base::Bytes hash = code_hash("recovery code", code);
  const base::Time now = parts_.clock.now();
  auto done = finish_second_factor(
      ceremony, Means::password_recovery_code, caller,
      [&](store::Connection& connection, PersonKey key) -> base::Result<bool> {
        if (!TRY(credentials::use_recovery_code(connection, key, hash))) return false;
        const auto left = TRY(credentials::recovery_codes_left(connection, key));
        base::Json body;
        body.add("left", left);
        TRY(store::journal::append(connection, now, "recovery_code_used",
                                   "person:" + std::to_string(key), body));
        return true;
      });
  if (done && parts_.notices) parts_.notices({done->session.person, "recovery_code_used", now});
  return done;
}

}  // namespace identity
