// Passwords guessed: counted by login, by network and for the whole site, and slowed down.
//
// What fills up also runs empty by itself, and nothing is ever locked: the longest wait is 15
// minutes. Where somebody has signed in before (that login from that network) only their own
// failures count, so that strangers cannot keep them out; passkeys do not come by here at all.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "store/database.h"

namespace identity {

// "203.0.113.7" → "203.0.113.0/24"; "2001:db8:1:2:3::4" → "2001:db8:1:2::/64"; an IPv4 address
// within an IPv6 one is that IPv4 address. What is no address comes back as it is.
std::string network_of(std::string_view address);

class Attempts {
 public:
  // `key` hides logins and networks in the table. What is passed in outlives the object.
  Attempts(store::Database& database, const base::Clock& clock, base::Bytes key, int failures_max);
  // Counts an attempt before it is made, so that those made at the same time count too. Durable.
  // identity.sign_in_delayed (too_many), then nothing is counted; the same whether or not anyone
  // has that login.
  base::Result<void> admit(std::string_view login, std::string_view address);
  // Counts a further one of somebody who was let in: a wrong second factor.
  base::Result<void> count(std::string_view login, std::string_view address);
  // It was them: forgets their failures, within the transaction of `connection`.
  base::Result<void> succeeded(store::Connection& connection, std::string_view login,
                               std::string_view address);

 private:
  struct Bucket;
  std::vector<Bucket> buckets(std::string_view login, std::string_view address, bool known) const;
  base::Bytes known_subject(std::string_view login, std::string_view address) const;
  base::Result<void> add(std::string_view login, std::string_view address, bool refuse);

  store::Database& database_;
  const base::Clock& clock_;
  const base::Bytes key_;
  const int failures_max_;
};

}  // namespace identity
