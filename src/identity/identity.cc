#include "identity/identity.h"

namespace identity {
namespace {

std::optional<SignInPerson> sign_in_person(const std::optional<Person>& person) {
  if (!person) return std::nullopt;
  return SignInPerson{person->key, person->login, person->full_name(), person->enabled};
}

}  // namespace

base::Result<std::optional<SignInPerson>> Identity::SignInView::by_login(std::string_view login) {
  const auto found = TRY(people_.find_login(login));
  return sign_in_person(found);
}

base::Result<std::optional<SignInPerson>> Identity::SignInView::by_key(PersonKey key) {
  const auto found = TRY(people_.find(key));
  return sign_in_person(found);
}

Identity::Identity(Parts parts)
    : people(parts.database, parts.directory, parts.clock),
      credentials(parts.database, parts.directory, parts.clock, parts.random, parts.secrets_key),
      approvals(parts.database, parts.clock),
      view_(people),
      sign_in({parts.database, parts.clock, parts.random, parts.secrets_key, parts.sign_in, view_,
               parts.notices}),
      authenticator(credentials, people, sign_in, parts.tls_outside) {
  register_acts(parts.directory);
}

}  // namespace identity
