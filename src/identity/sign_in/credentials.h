// What people sign in with, as it is kept: rows of the tables sign_in_*. Every call is within the
// transaction of `connection`.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "identity/keys.h"
#include "identity/sign_in/passkey_check.h"
#include "store/connection.h"

namespace identity::credentials {

// The kept hash, or empty when the person has no password.
base::Result<std::string> password(store::Connection& connection, PersonKey person);
base::Result<void> put_password(store::Connection& connection, PersonKey person,
                                const std::string& hash, base::Time now);

struct Totp {
  base::Bytes sealed;
  std::int64_t last_step = 0;
};
base::Result<std::optional<Totp>> totp(store::Connection& connection, PersonKey person);
base::Result<void> put_totp(store::Connection& connection, PersonKey person, base::BytesView sealed,
                            std::int64_t last_step, base::Time now);
// Marks `step` as used; false when that one or a later one was used already.
base::Result<bool> use_totp_step(store::Connection& connection, PersonKey person,
                                 std::int64_t step);
base::Result<bool> remove_totp(store::Connection& connection, PersonKey person);

// Replaces those that the person has.
base::Result<void> put_recovery_codes(store::Connection& connection, PersonKey person,
                                      const std::vector<base::Bytes>& hashes, base::Time now);
base::Result<std::int64_t> recovery_codes_left(store::Connection& connection, PersonKey person);
// Uses one up; false when the person has no such code.
base::Result<bool> use_recovery_code(store::Connection& connection, PersonKey person,
                                     base::BytesView hash);

struct Passkey {
  std::int64_t key = 0;
  PersonKey person = 0;
  KnownPasskey known;
  bool backed_up = false;
  base::Bytes aaguid;
  std::string name;
  base::Time added_at;
  std::optional<base::Time> used_at;
};
base::Result<std::vector<Passkey>> passkeys(store::Connection& connection, PersonKey person);
base::Result<std::optional<Passkey>> passkey(store::Connection& connection, base::BytesView id);
// False when a passkey of that id is there already, whoever has it.
base::Result<bool> add_passkey(store::Connection& connection, const Passkey& passkey);
// False when the counter is no longer `before`: somebody else used it in between.
base::Result<bool> use_passkey(store::Connection& connection, std::int64_t key,
                               std::uint32_t before, const PasskeyUse& use, base::Time now);
base::Result<bool> remove_passkey(store::Connection& connection, PersonKey person,
                                  std::int64_t key);

base::Result<PersonKey> oidc_person(store::Connection& connection, std::string_view issuer,
                                    std::string_view subject);  // 0: nobody
// False when somebody has that subject already.
base::Result<bool> link_oidc(store::Connection& connection, std::string_view issuer,
                             std::string_view subject, PersonKey person, base::Time now);
base::Result<std::int64_t> unlink_oidc(store::Connection& connection, PersonKey person);

// Replaces the one that the person has.
base::Result<void> put_link_code(store::Connection& connection, PersonKey person,
                                 base::BytesView hash, base::Time now, base::Time expires_at);
// Uses it up; 0 when there is no such code or its time is over.
base::Result<PersonKey> use_link_code(store::Connection& connection, base::BytesView hash,
                                      base::Time now);

}  // namespace identity::credentials
