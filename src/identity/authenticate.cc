#include "identity/authenticate.h"

#include "base/text.h"

namespace identity {
namespace {

constexpr std::string_view kBearer = "bearer ";

base::Error nobody() {
  return base::Error(base::Code::unauthenticated, "identity.nobody",
                     "sign in first: Authorization: Bearer with a token or an API key, a client "
                     "certificate, or the session of a browser",
                     "hãy đăng nhập trước: Authorization: Bearer với mã truy cập hoặc khóa API, "
                     "chứng thư của hệ thống, hoặc phiên làm việc của trình duyệt");
}

}  // namespace

base::Result<Session> Authenticator::session_of(const http::Head& head) {
  const std::string token = session_token(head.headers, secure(head));
  if (token.empty()) return nobody();
  const Session session = TRY(sign_in_.session(token));
  TRY(sign_in_.csrf_ok(head, session));
  return session;
}

base::Result<Principal> Authenticator::of(const http::Head& head) {
  const std::string_view authorization = head.headers["Authorization"];
  const bool cookie = !session_token(head.headers, secure(head)).empty();
  // A browser sends its cookie by itself, so that a page elsewhere could add one to a bearer's
  // call.
  if (!authorization.empty() && cookie) {
    return base::Error(base::Code::unauthenticated, "identity.two_callers",
                       "the request shows both a token and the session of a browser; send one",
                       "yêu cầu có cả mã truy cập và phiên làm việc của trình duyệt; chỉ gửi một");
  }
  if (!authorization.empty()) {
    if (!base::lower_ascii(authorization.substr(0, kBearer.size())).starts_with(kBearer))
      return nobody();
    return credentials_.of_bearer(base::trim(authorization.substr(kBearer.size())));
  }
  if (cookie) {
    const Session session = TRY(session_of(head));
    Principal person = TRY(people_.principal(session.person));
    if (person.kind != Principal::Kind::person) return nobody();
    person.assurance = assurance(session);
    person.verified_at = session.verified_at;
    return person;
  }
  if (head.client_certificate)
    return credentials_.of_certificate(head.client_certificate->fingerprint);
  return nobody();
}

SystemKey Authenticator::claimed_system(const http::Head& head) const {
  const std::string_view authorization = head.headers["Authorization"];
  if (base::lower_ascii(authorization.substr(0, kBearer.size())).starts_with(kBearer))
    return credentials_.claimed_by_bearer(base::trim(authorization.substr(kBearer.size())));
  if (authorization.empty() && head.client_certificate)
    return credentials_.claimed_by_certificate(head.client_certificate->fingerprint);
  return 0;
}

}  // namespace identity
