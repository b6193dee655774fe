// The people of the site, as sign-in sees them.
#pragma once
#include "identity/people.h"
#include "identity/sign_in/sign_in.h"

namespace identity {

class PeopleOfSite : public SignInPeople {
 public:
  // `people` outlives this.
  explicit PeopleOfSite(const People& people) : people_(people) {}
  base::Result<std::optional<SignInPerson>> by_login(std::string_view login) override {
    const auto found = TRY(people_.find_login(login));
    return seen(found);
  }
  base::Result<std::optional<SignInPerson>> by_key(PersonKey key) override {
    const auto found = TRY(people_.find(key));
    return seen(found);
  }

 private:
  static std::optional<SignInPerson> seen(const std::optional<Person>& found) {
    if (!found) return std::nullopt;
    return SignInPerson{found->key, found->login, found->full_name(), found->enabled};
  }
  const People& people_;
};

}  // namespace identity
