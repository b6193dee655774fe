// How people sign in, and how they look after what they sign in with.
//
// A ceremony has two calls: begin… gives a token (the caller keeps it in the browser, as a cookie)
// and what the browser needs; finish… takes the token and the answer. A password alone is never
// enough. Whatever changes credentials is in the journal, without any secret, and the person is
// told.
//
// Any thread. What returns is durable. Errors that a stranger can bring about say nothing about
// whether a login exists.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/random.h"
#include "base/result.h"
#include "base/time.h"
#include "identity/keys.h"
#include "identity/sign_in/attempts.h"
#include "identity/sign_in/ceremony.h"
#include "identity/sign_in/credentials.h"
#include "identity/sign_in/oidc.h"
#include "identity/sign_in/options.h"
#include "identity/sign_in/password_hash.h"
#include "identity/sign_in/session.h"
#include "store/database.h"

namespace identity {

struct SignInPerson {
  PersonKey key = 0;
  std::string login;
  std::string name;  // as shown: "Nguyễn Văn An"
  bool enabled = true;
};

// Who there is. Any thread.
class SignInPeople {
 public:
  virtual ~SignInPeople() = default;
  virtual base::Result<std::optional<SignInPerson>> by_login(std::string_view login) = 0;
  virtual base::Result<std::optional<SignInPerson>> by_key(PersonKey key) = 0;
};

// Something that the person should hear of.
struct CredentialNotice {
  PersonKey person = 0;
  std::string kind;  // as in the journal: "passkey_added" …
  base::Time at;
};

class SignIn {
 public:
  struct Parts {
    store::Database& database;
    const base::Clock& clock;
    base::Random& random;
    base::Bytes secrets_key;  // 32 bytes; every key of sign-in is derived from it
    SignInOptions options;
    SignInPeople& people;
    std::function<void(const CredentialNotice&)> notices;  // after the commit; may be empty
  };
  // What is passed by reference outlives the object.
  explicit SignIn(Parts parts);

  // --- a password and a second factor
  // ---------------------------------------------------------------
  struct PasswordStep {
    std::string ceremony;
    bool totp = false;
    bool recovery_codes = false;
  };
  // identity.sign_in_failed (whatever of the two is wrong), identity.sign_in_delayed,
  // identity.sign_in_busy, identity.second_factor_missing (forbidden: the password is right but
  // stands alone).
  base::Result<PasswordStep> begin_password(std::string_view login, std::string_view password,
                                            const Caller& caller);
  // Three tries within five minutes. identity.code_refused, identity.ceremony_over.
  base::Result<SignedIn> finish_with_totp(std::string_view ceremony, std::string_view code,
                                          const Caller& caller);
  base::Result<SignedIn> finish_with_recovery_code(std::string_view ceremony, std::string_view code,
                                                   const Caller& caller);

  // --- passkeys
  // ------------------------------------------------------------------------------------
  struct PasskeyStep {
    std::string ceremony;
    base::Json options;  // PublicKeyCredentialRequestOptionsJSON or …CreationOptionsJSON
  };
  // No login is asked for: the passkey says who it is.
  base::Result<PasskeyStep> begin_passkey();
  // Within five minutes, once. identity.passkey_refused, identity.passkey_malformed,
  // identity.passkey_copied, identity.ceremony_over.
  base::Result<SignedIn> finish_passkey(std::string_view ceremony, const base::Json& answer,
                                        const Caller& caller);
  // The person of a session shows again to be there; the session gets a new token.
  base::Result<PasskeyStep> begin_step_up(const Session& session);
  base::Result<SignedIn> finish_step_up(const Session& session, std::string_view ceremony,
                                        const base::Json& answer);
  // identity.verification_needed (forbidden) unless a passkey verified the user within five
  // minutes.
  base::Result<void> require_fresh(const Session& session) const;

  // --- sessions
  // ------------------------------------------------------------------------------------
  base::Result<Session> session(std::string_view token);  // identity.not_signed_in
  base::Result<std::vector<Session>> sessions(PersonKey person);
  base::Result<void> sign_out(const Session& session);
  // Ends one of the person's sessions. identity.session_unknown.
  base::Result<void> end_session(PersonKey person, SessionKey key, std::string_view by);
  // Ends all but `kept` (0: all); how many.
  base::Result<std::int64_t> end_sessions(PersonKey person, SessionKey kept, std::string_view by);
  // csrf_ok() with the site's origins.
  base::Result<void> csrf_ok(const http::Head& head, const Session& session) const;

  // --- looking after one's credentials
  // --------------------------------------------------------------- Who may change credentials, and
  // by what right.
  struct Holder {
    PersonKey person = 0;
    SessionKey session = 0;  // 0: by a link code
    std::string by;          // for the journal
  };
  // Of a session: needs a passkey's verification within five minutes, or, from those who have no
  // passkey, a sign-in with two factors within five minutes. identity.verification_needed.
  base::Result<Holder> holder(const Session& session);
  // Of a link code that was redeemed, for 30 minutes. identity.ceremony_over.
  base::Result<Holder> holder(std::string_view enrolment);

  struct Overview {
    bool password = false, totp = false;
    std::int64_t recovery_codes = 0;
    std::vector<credentials::Passkey> passkeys;
  };
  base::Result<Overview> overview(PersonKey person);
  // Ends every other session and all that is under way. The errors of check_new_password().
  base::Result<void> set_password(const Holder& holder, std::string_view password);
  struct TotpStep {
    std::string ceremony;
    std::string secret;  // base32, to type
    std::string uri;     // otpauth://, for the QR code
  };
  base::Result<TotpStep> begin_totp(const Holder& holder);
  // Replaces the one that there was. identity.code_refused (five tries).
  base::Result<void> finish_totp(const Holder& holder, std::string_view ceremony,
                                 std::string_view code);
  base::Result<void> remove_totp(const Holder& holder);  // identity.credential_unknown
  // Ten new ones; those before are worth nothing. Shown once.
  base::Result<std::vector<std::string>> make_recovery_codes(const Holder& holder);
  base::Result<PasskeyStep> begin_registration(const Holder& holder);
  // `name`: 1 to 64 characters, for the person's own list. identity.bad_passkey_name,
  // identity.passkey_known, identity.too_many_passkeys (20), and those of finish_passkey().
  base::Result<void> finish_registration(const Holder& holder, std::string_view ceremony,
                                         const base::Json& answer, std::string_view name);
  base::Result<void> remove_passkey(const Holder& holder, std::int64_t key);

  // --- recovery
  // -------------------------------------------------------------------------------------- For the
  // person to set up credentials, or to link an account: 24 hours, once, instead of any before.
  // `by`: the administrator ("person:3"). identity.person_unknown.
  base::Result<std::string> issue_link_code(PersonKey person, std::string_view by);
  // Gives the token for holder(). identity.link_code_refused, identity.sign_in_delayed.
  base::Result<std::string> redeem_link_code(std::string_view code, const Caller& caller);
  base::Result<void> end_enrolment(std::string_view enrolment);

  // --- OpenID Connect
  // ----------------------------------------------------------------------------------
  struct OidcStep {
    std::string ceremony;
    std::string url;  // where the browser goes
  };
  base::Result<OidcStep> begin_oidc();  // identity.oidc_not_offered and those of Oidc
  struct OidcOutcome {
    std::optional<SignedIn> signed_in;
    std::string link_ceremony;  // when nobody here has that account yet
  };
  // `query` is that of the redirect.
  base::Result<OidcOutcome> finish_oidc(std::string_view ceremony, std::string_view query,
                                        const Caller& caller);
  // The account becomes that of the person whose link code it is. identity.link_code_refused.
  base::Result<SignedIn> finish_oidc_link(std::string_view link_ceremony, std::string_view code,
                                          const Caller& caller);
  // By an administrator. identity.person_unknown, identity.oidc_account_taken.
  base::Result<void> link_oidc(PersonKey person, std::string_view subject, std::string_view by);
  base::Result<void> unlink_oidc(PersonKey person, std::string_view by);

 private:
  base::Bytes derived(std::string_view purpose) const;
  base::Bytes code_hash(std::string_view purpose, std::string_view typed) const;
  base::Bytes user_handle(PersonKey person) const;
  base::Result<SignInPerson> person(PersonKey key);  // identity.sign_in_failed unless enabled
  base::Result<base::Bytes> opened_totp(PersonKey person, base::BytesView sealed) const;
  base::Result<SignedIn> signed_in(
      const SignInPerson& person, Means means, const Caller& caller,
      const std::function<base::Result<void>(store::Connection&)>& also);
  base::Result<SignedIn> finish_second_factor(
      std::string_view ceremony, Means means, const Caller& caller,
      const std::function<base::Result<bool>(store::Connection&, PersonKey)>& use);
  struct Used {
    credentials::Passkey passkey;
    PasskeyUse use;
  };
  base::Result<Used> check_passkey(const Ceremony& ceremony, const base::Json& answer);
  base::Result<PasskeyStep> request(CeremonyKind kind, PersonKey person, SessionKey session);
  // Runs `change` with a journal entry `kind` about the person, then tells them.
  base::Result<void> change(
      PersonKey person, base::Time now, std::string_view kind, std::string_view by,
      const std::function<base::Result<void>(store::Connection&, base::Json& body)>& work);
  base::Result<PersonKey> use_link_code(std::string_view code, const Caller& caller);

  Parts parts_;
  PasswordHasher hasher_;
  Attempts attempts_;
  Ceremonies ceremonies_;
  Sessions sessions_;
  std::unique_ptr<Oidc> oidc_;
};

}  // namespace identity
