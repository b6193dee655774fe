// Who calls, by what the head of a request shows: a bearer token or key, a certificate that TLS has
// verified, or the cookie of a session. The one place where a request becomes a Principal.
#pragma once
#include <optional>

#include "base/result.h"
#include "http/message.h"
#include "identity/people.h"
#include "identity/principal.h"
#include "identity/sign_in/sign_in.h"
#include "identity/system_credentials.h"

namespace identity {

class Authenticator {
 public:
  // What is passed in outlives this. `tls_outside`: TLS ends before us, so that the browser's
  // cookie is a secure one although the request is plain.
  Authenticator(SystemCredentials& credentials, const People& people, SignIn& sign_in,
                bool tls_outside)
      : credentials_(credentials), people_(people), sign_in_(sign_in), tls_outside_(tls_outside) {}

  // What is shown must hold: identity.bad_token, identity.not_signed_in, identity.foreign_page (a
  // request of a session that changes something must come from our own pages), identity.two_callers
  // (more than one of the three), identity.nobody (Code::unauthenticated: none of them). Any
  // thread.
  base::Result<Principal> of(const http::Head& head);
  // The connected system that a request says it is of, whether or not what it shows holds; 0: none
  // that is known. For counting what was refused; proves nothing.
  SystemKey claimed_system(const http::Head& head) const;
  // The session of a request, if it shows one that holds, is of an enabled person, and comes from
  // our own pages.
  base::Result<Session> session_of(const http::Head& head);
  bool secure(const http::Head& head) const { return head.tls || tls_outside_; }

 private:
  SystemCredentials& credentials_;
  const People& people_;
  SignIn& sign_in_;
  const bool tls_outside_;
};

}  // namespace identity
