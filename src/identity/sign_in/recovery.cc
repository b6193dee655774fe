// Link codes, and accounts at a provider: SignIn.
#include "base/hash.h"
#include "identity/sign_in/encoding.h"
#include "identity/sign_in/sign_in.h"
#include "identity/sign_in/sign_in_errors.h"
#include "store/journal.h"

namespace identity {
namespace {

constexpr base::Duration kLinkCodeTime = std::chrono::hours(24);
constexpr base::Duration kEnrolmentTime = std::chrono::minutes(30);
constexpr base::Duration kCeremonyTime = std::chrono::minutes(10);
constexpr std::size_t kLinkCodeBytes = 15;  // 24 characters
// Link codes have no login; each network has one of its own, so that nobody is in another's way.
std::string link_login(const Caller& caller) {
  return "\x01link code " + network_of(caller.address);
}

base::Error person_unknown(PersonKey person) {
  const std::string shown = std::to_string(person);
  return base::Error(
      base::Code::not_found, "identity.person_unknown",
      "there is no person " + shown + " who may sign in; see truc person list",
      "không có người mang số " + shown + " được phép đăng nhập; xem truc person list");
}

base::Error not_offered() {
  return base::Error(base::Code::not_found, "identity.oidc_not_offered",
                     "this site has no sign-in provider; an operator sets sign_in.oidc_issuer",
                     "hệ thống này không dùng dịch vụ đăng nhập ngoài; người vận hành đặt mục "
                     "sign_in.oidc_issuer");
}

base::Error account_taken() {
  return base::Error(base::Code::conflict, "identity.oidc_account_taken",
                     "that account is linked to a person already; unlink it there first",
                     "tài khoản này đã được liên kết với một người; hãy hủy liên kết cũ trước");
}

}  // namespace

base::Result<std::string> SignIn::issue_link_code(PersonKey person, std::string_view by) {
  const auto who = TRY(parts_.people.by_key(person));
  if (!who || !who->enabled) return person_unknown(person);
  const std::string code = typed_code(parts_.random.bytes(kLinkCodeBytes));
  const base::Bytes hash = code_hash("link code", code);
  const base::Time now = parts_.clock.now();
  TRY(change(person, now, "link_code_issued", by, [&](store::Connection& connection, base::Json&) {
    return credentials::put_link_code(connection, person, hash, now, now + kLinkCodeTime);
  }));
  return code;
}

base::Result<PersonKey> SignIn::use_link_code(std::string_view code, const Caller& caller) {
  TRY(attempts_.admit(link_login(caller), caller.address));
  const base::Bytes hash = code_hash("link code", code);
  const base::Time now = parts_.clock.now();
  PersonKey found = 0;
  TRY(parts_.database.write([&](store::Connection& connection) -> base::Result<void> {
    found = TRY(credentials::use_link_code(connection, hash, now));
    if (found == 0) return base::done();
    TRY(attempts_.succeeded(connection, link_login(caller), caller.address));
    return store::journal::append(connection, now, "link_code_used",
                                  "person:" + std::to_string(found), base::Json());
  }));
  if (found == 0 || !person(found)) {
    return base::Error(
        base::Code::unauthenticated, "identity.link_code_refused",
        "the link code is wrong, was used, or is older than a day; ask your unit's "
        "administrator for a new one",
        "mã liên kết không đúng, đã được dùng hoặc đã quá một ngày; hãy xin quản trị "
        "viên đơn vị cấp mã mới");
  }
  if (parts_.notices) parts_.notices({found, "link_code_used", now});
  return found;
}

base::Result<std::string> SignIn::redeem_link_code(std::string_view code, const Caller& caller) {
  Ceremony ceremony;
  ceremony.person = TRY(use_link_code(code, caller));
  return ceremonies_.begin(CeremonyKind::enrolment, ceremony, kEnrolmentTime);
}

base::Result<void> SignIn::end_enrolment(std::string_view enrolment) {
  return parts_.database.write(
      [&](store::Connection& connection) { return ceremonies_.end(connection, enrolment); });
}

base::Result<SignIn::OidcStep> SignIn::begin_oidc() {
  if (!oidc_) return not_offered();
  const Oidc::Begun begun = TRY(oidc_->begin());
  Ceremony ceremony;
  ceremony.data = begun.data;
  OidcStep step;
  step.ceremony = TRY(ceremonies_.begin(CeremonyKind::oidc, ceremony, kCeremonyTime));
  step.url = begun.url;
  return step;
}

base::Result<SignIn::OidcOutcome> SignIn::finish_oidc(std::string_view token,
                                                      std::string_view query,
                                                      const Caller& caller) {
  if (!oidc_) return not_offered();
  const Ceremony ceremony = TRY(ceremonies_.take(token, CeremonyKind::oidc));
  const Oidc::Account account = TRY(oidc_->finish(ceremony.data, query));
  PersonKey known = 0;
  TRY(parts_.database.read([&](store::Connection& connection) -> base::Result<void> {
    known = TRY(credentials::oidc_person(connection, account.issuer, account.subject));
    return base::done();
  }));
  OidcOutcome outcome;
  if (known == 0) {
    Ceremony link;
    link.data.add("subject", account.subject);
    outcome.link_ceremony = TRY(ceremonies_.begin(CeremonyKind::oidc_link, link, kEnrolmentTime));
    return outcome;
  }
  const SignInPerson who = TRY(person(known));
  outcome.signed_in =
      TRY(signed_in(who, Means::oidc, caller, [](store::Connection&) { return base::done(); }));
  return outcome;
}

base::Result<SignedIn> SignIn::finish_oidc_link(std::string_view link_ceremony,
                                                std::string_view code, const Caller& caller) {
  constexpr int kTries = 5;
  const Ceremony ceremony = TRY(ceremonies_.use(link_ceremony, CeremonyKind::oidc_link, kTries));
  const PersonKey owner = TRY(use_link_code(code, caller));
  const SignInPerson who = TRY(person(owner));
  TRY(link_oidc(who.key, ceremony.data["subject"].text(), "person:" + std::to_string(who.key)));
  return signed_in(who, Means::oidc, caller, [&](store::Connection& connection) {
    return ceremonies_.end(connection, link_ceremony);
  });
}

base::Result<void> SignIn::link_oidc(PersonKey key, std::string_view subject, std::string_view by) {
  if (!oidc_) return not_offered();
  const auto who = TRY(parts_.people.by_key(key));
  if (!who || !who->enabled) return person_unknown(key);
  const std::string& issuer = parts_.options.oidc.issuer;
  const base::Time now = parts_.clock.now();
  return change(key, now, "oidc_linked", by,
                [&](store::Connection& connection, base::Json& body) -> base::Result<void> {
                  if (!TRY(credentials::link_oidc(connection, issuer, subject, key, now))) {
                    return account_taken();
                  }
                  body.add("issuer", issuer);
                  return base::done();
                });
}

base::Result<void> SignIn::unlink_oidc(PersonKey person, std::string_view by) {
  const base::Time now = parts_.clock.now();
  return change(person, now, "oidc_unlinked", by,
                [&](store::Connection& connection, base::Json& body) -> base::Result<void> {
                  const auto count = TRY(credentials::unlink_oidc(connection, person));
                  body.add("count", count);
                  return base::done();
                });
}

}  // namespace identity
