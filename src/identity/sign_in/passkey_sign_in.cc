// Passkeys: the ceremonies of SignIn.
#include <algorithm>

#include "base/hash.h"
#include "base/text.h"
#include "identity/sign_in/encoding.h"
#include "identity/sign_in/passkey_errors.h"
#include "identity/sign_in/sign_in.h"
#include "identity/sign_in/sign_in_errors.h"
#include "store/journal.h"

namespace identity {
namespace {

constexpr base::Duration kCeremonyTime = std::chrono::minutes(5);
constexpr std::size_t kChallengeBytes = 32, kNameBytesMax = 64 * 4, kPasskeysMax = 20;
constexpr std::int64_t kBrowserMillis = 300'000;

base::Json::Array parameters() {
  base::Json::Array all;
  for (const int algorithm : {-8, -7, -257}) {
    base::Json one;
    one.add("type", "public-key").add("alg", algorithm);
    all.push_back(std::move(one));
  }
  return all;
}

base::Json::Array descriptors(const std::vector<credentials::Passkey>& passkeys) {
  base::Json::Array all;
  for (const credentials::Passkey& passkey : passkeys) {
    base::Json one;
    one.add("type", "public-key").add("id", base64url(passkey.known.id));
    all.push_back(std::move(one));
  }
  return all;
}

base::Result<base::Bytes> challenge_of(const Ceremony& ceremony) {
  auto challenge = from_base64url(ceremony.data["challenge"].text());
  if (!challenge || challenge->size() != kChallengeBytes) return passkey_refused("challenge");
  return std::move(*challenge);
}

}  // namespace

base::Result<SignIn::PasskeyStep> SignIn::request(CeremonyKind kind, PersonKey person,
                                                  SessionKey session) {
  const std::string challenge = base64url(parts_.random.bytes(kChallengeBytes));
  Ceremony ceremony;
  ceremony.person = person;
  ceremony.session = session;
  ceremony.data.add("challenge", challenge);
  PasskeyStep step;
  step.ceremony = TRY(ceremonies_.begin(kind, ceremony, kCeremonyTime));
  base::Json::Array allowed;
  if (person != 0) {
    const Overview has = TRY(overview(person));
    allowed = descriptors(has.passkeys);
  }
  step.options.add("challenge", challenge)
      .add("timeout", kBrowserMillis)
      .add("rpId", parts_.options.party.id)
      .add("allowCredentials", std::move(allowed))
      .add("userVerification", "required");
  return step;
}

base::Result<SignIn::PasskeyStep> SignIn::begin_passkey() {
  return request(CeremonyKind::passkey_sign_in, 0, 0);
}

base::Result<SignIn::Used> SignIn::check_passkey(const Ceremony& ceremony,
                                                 const base::Json& answer) {
  const base::Bytes challenge = TRY(challenge_of(ceremony));
  const base::Bytes id = TRY(passkey_id(answer));
  std::optional<credentials::Passkey> known;
  TRY(parts_.database.read([&](store::Connection& connection) -> base::Result<void> {
    known = TRY(credentials::passkey(connection, id));
    return base::done();
  }));
  if (!known) return passkey_refused("id");
  const auto use = check_assertion(parts_.options.party, challenge, known->known, answer);
  if (!use) {
    if (use.error().reason() == "identity.passkey_copied" && parts_.notices) {
      parts_.notices({known->person, "passkey_copied", parts_.clock.now()});
    }
    return use.error();
  }
  // §7.2 (6): who did not say who they are must be told by the authenticator.
  const bool named = ceremony.person != 0;
  if (named && ceremony.person != known->person) return passkey_refused("id");
  const bool ours = use->user_handle == user_handle(known->person);
  if (use->user_handle.empty() ? !named : !ours) return passkey_refused("userHandle");
  return Used{std::move(*known), *use};
}

base::Result<SignedIn> SignIn::finish_passkey(std::string_view token, const base::Json& answer,
                                              const Caller& caller) {
  const Ceremony ceremony = TRY(ceremonies_.take(token, CeremonyKind::passkey_sign_in));
  const Used used = TRY(check_passkey(ceremony, answer));
  const SignInPerson who = TRY(person(used.passkey.person));
  const base::Time now = parts_.clock.now();
  return signed_in(who, Means::passkey, caller,
                   [&](store::Connection& connection) -> base::Result<void> {
                     const bool first = TRY(credentials::use_passkey(
                         connection, used.passkey.key, used.passkey.known.counter, used.use, now));
                     return first ? base::done() : passkey_refused("signCount");
                   });
}

base::Result<SignIn::PasskeyStep> SignIn::begin_step_up(const Session& session) {
  return request(CeremonyKind::step_up, session.person, session.key);
}

base::Result<SignedIn> SignIn::finish_step_up(const Session& session, std::string_view token,
                                              const base::Json& answer) {
  const Ceremony ceremony = TRY(ceremonies_.take(token, CeremonyKind::step_up));
  if (ceremony.session != session.key || ceremony.person != session.person) {
    return passkey_refused("session");
  }
  const Used used = TRY(check_passkey(ceremony, answer));
  TRY(person(session.person));
  SignedIn done;
  done.token = sessions_.new_token();
  TRY(parts_.database.write([&](store::Connection& connection) -> base::Result<void> {
    const bool first = TRY(credentials::use_passkey(
        connection, used.passkey.key, used.passkey.known.counter, used.use, parts_.clock.now()));
    if (!first) return passkey_refused("signCount");
    done.session = TRY(sessions_.rotate(connection, session, done.token, true));
    return base::done();
  }));
  return done;
}

base::Result<SignIn::PasskeyStep> SignIn::begin_registration(const Holder& holder) {
  const SignInPerson who = TRY(person(holder.person));
  const Overview has = TRY(overview(holder.person));
  const std::string challenge = base64url(parts_.random.bytes(kChallengeBytes));
  Ceremony ceremony;
  ceremony.person = holder.person;
  ceremony.session = holder.session;
  ceremony.data.add("challenge", challenge);
  PasskeyStep step;
  step.ceremony = TRY(ceremonies_.begin(CeremonyKind::registration, ceremony, kCeremonyTime));
  base::Json party, user, selection;
  party.add("id", parts_.options.party.id).add("name", parts_.options.name);
  user.add("id", base64url(user_handle(holder.person)))
      .add("name", who.login)
      .add("displayName", who.name);
  selection.add("residentKey", "required")
      .add("requireResidentKey", true)
      .add("userVerification", "required");
  step.options.add("rp", std::move(party))
      .add("user", std::move(user))
      .add("challenge", challenge)
      .add("pubKeyCredParams", parameters())
      .add("timeout", kBrowserMillis)
      .add("excludeCredentials", descriptors(has.passkeys))
      .add("authenticatorSelection", std::move(selection))
      .add("attestation", "none");
  return step;
}

base::Result<void> SignIn::finish_registration(const Holder& holder, std::string_view token,
                                               const base::Json& answer, std::string_view name) {
  const std::string_view trimmed = base::trim(name);
  if (trimmed.empty() || trimmed.size() > kNameBytesMax || !base::is_utf8(trimmed)) {
    return base::Error(base::Code::invalid, "identity.bad_passkey_name",
                       "name must be 1 to 64 characters, such as \"phone\"",
                       "name phải có từ 1 đến 64 ký tự, ví dụ \"điện thoại\"");
  }
  const Ceremony ceremony = TRY(ceremonies_.take(token, CeremonyKind::registration));
  if (ceremony.session != holder.session || ceremony.person != holder.person) {
    return passkey_refused("session");
  }
  const base::Bytes challenge = TRY(challenge_of(ceremony));
  const NewPasskey made = TRY(check_registration(parts_.options.party, challenge, answer));
  const base::Time now = parts_.clock.now();
  credentials::Passkey passkey;
  passkey.person = holder.person;
  passkey.known = {made.id, made.key, made.counter, made.backup_eligible};
  passkey.backed_up = made.backed_up;
  passkey.aaguid = made.aaguid;
  passkey.name = std::string(trimmed);
  passkey.added_at = now;
  return change(holder.person, now, "passkey_added", holder.by,
                [&](store::Connection& connection, base::Json& body) -> base::Result<void> {
                  const auto has = TRY(credentials::passkeys(connection, holder.person));
                  if (has.size() >= kPasskeysMax) {
                    return base::Error(base::Code::conflict, "identity.too_many_passkeys",
                                       "you have 20 passkeys already; remove one first",
                                       "đã có 20 khóa truy cập; hãy xóa bớt một khóa trước");
                  }
                  if (!TRY(credentials::add_passkey(connection, passkey))) {
                    return base::Error(base::Code::conflict, "identity.passkey_known",
                                       "this passkey is registered already",
                                       "khóa truy cập này đã được đăng ký");
                  }
                  body.add("id", base::hex(base::sha256(made.id)));
                  return base::done();
                });
}

base::Result<void> SignIn::remove_passkey(const Holder& holder, std::int64_t key) {
  const base::Time now = parts_.clock.now();
  return change(holder.person, now, "passkey_removed", holder.by,
                [&](store::Connection& connection, base::Json&) -> base::Result<void> {
                  const bool there =
                      TRY(credentials::remove_passkey(connection, holder.person, key));
                  return there ? base::done() : credential_unknown();
                });
}

}  // namespace identity
