// Identity as a whole: who there is, how they sign in, and who is calling.
#pragma once
#include "identity/approvals.h"
#include "identity/authenticate.h"
#include "identity/people.h"
#include "identity/sign_in/sign_in.h"
#include "identity/system_credentials.h"

namespace identity {

class Identity {
 public:
  struct Parts {
    store::Database& database;
    Directory& directory;
    const base::Clock& clock;
    base::Random& random;
    base::Bytes secrets_key;  // 32 bytes, the site's
    SignInOptions sign_in;
    // TLS ends before us: the cookies of browsers are secure ones although requests are plain.
    bool tls_outside = false;
    // Told of what changes somebody's credentials, after the commit; may be empty.
    std::function<void(const CredentialNotice&)> notices;
  };
  // What `parts` refers to outlives this.
  explicit Identity(Parts parts);

  People people;
  SystemCredentials credentials;
  Approvals approvals;  // those of systems, credentials and organisations can be done

 private:
  void register_acts(Directory& directory);
  // What sign-in needs to know of people.
  class SignInView : public SignInPeople {
   public:
    explicit SignInView(const People& people) : people_(people) {}
    base::Result<std::optional<SignInPerson>> by_login(std::string_view login) override;
    base::Result<std::optional<SignInPerson>> by_key(PersonKey key) override;

   private:
    const People& people_;
  };
  SignInView view_;

 public:
  SignIn sign_in;
  Authenticator authenticator;
};

}  // namespace identity
