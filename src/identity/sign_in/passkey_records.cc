#include "identity/sign_in/credentials.h"

namespace identity::credentials {
namespace {

using store::Blob;
using store::Query;

const Query kPasskeys{"identity.passkeys",
                      "select key, person, credential, algorithm, public_key, counter, "
                      "backup_eligible, backed_up, aaguid, name, added_at, used_at "
                      "from sign_in_passkey where person = $1 order by added_at, key"};
const Query kPasskey{"identity.passkey",
                     "select key, person, credential, algorithm, public_key, counter, "
                     "backup_eligible, backed_up, aaguid, name, added_at, used_at "
                     "from sign_in_passkey where credential = $1"};
const Query kLastPasskey{"identity.passkey_last", "select max(key) from sign_in_passkey"};
const Query kAddPasskey{"identity.passkey_add",
                        "insert into sign_in_passkey (key, person, credential, algorithm, "
                        "public_key, counter, backup_eligible, backed_up, aaguid, name, added_at) "
                        "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) "
                        "on conflict (credential) do nothing"};
const Query kUsePasskey{"identity.passkey_use",
                        "update sign_in_passkey set counter = $3, backed_up = $4, used_at = $5 "
                        "where key = $1 and counter = $2"};
const Query kRemovePasskey{"identity.passkey_remove",
                           "delete from sign_in_passkey where person = $1 and key = $2"};

Passkey passkey_of(const store::Row& row) {
  Passkey passkey;
  passkey.key = row.integer(0);
  passkey.person = row.integer(1);
  passkey.known.id = base::Bytes(row.bytes(2));
  passkey.known.key = {static_cast<int>(row.integer(3)), base::Bytes(row.bytes(4))};
  passkey.known.counter = static_cast<std::uint32_t>(row.integer(5));
  passkey.known.backup_eligible = row.integer(6) != 0;
  passkey.backed_up = row.integer(7) != 0;
  passkey.aaguid = base::Bytes(row.bytes(8));
  passkey.name = row.string(9);
  passkey.added_at = row.time(10);
  passkey.used_at = row.optional_time(11);
  return passkey;
}

}  // namespace

base::Result<std::vector<Passkey>> passkeys(store::Connection& connection, PersonKey person) {
  std::vector<Passkey> all;
  TRY(connection.each(kPasskeys, {person}, [&](const store::Row& row) {
    all.push_back(passkey_of(row));
    return true;
  }));
  return all;
}

base::Result<std::optional<Passkey>> passkey(store::Connection& connection, base::BytesView id) {
  std::optional<Passkey> found;
  TRY(connection.first(kPasskey, {Blob{id}},
                       [&](const store::Row& row) { found = passkey_of(row); }));
  return found;
}

base::Result<bool> add_passkey(store::Connection& connection, const Passkey& passkey) {
  const std::int64_t key = TRY(connection.integer(kLastPasskey, {})).value_or(0) + 1;
  const KnownPasskey& known = passkey.known;
  const auto added = TRY(connection.run(
      kAddPasskey, {key, passkey.person, Blob{known.id}, known.key.algorithm, Blob{known.key.bytes},
                    std::int64_t{known.counter}, known.backup_eligible, passkey.backed_up,
                    Blob{passkey.aaguid}, passkey.name, passkey.added_at}));
  return added == 1;
}

base::Result<bool> use_passkey(store::Connection& connection, std::int64_t key,
                               std::uint32_t before, const PasskeyUse& use, base::Time now) {
  const auto changed = TRY(connection.run(
      kUsePasskey, {key, std::int64_t{before}, std::int64_t{use.counter}, use.backed_up, now}));
  return changed == 1;
}

base::Result<bool> remove_passkey(store::Connection& connection, PersonKey person,
                                  std::int64_t key) {
  return TRY(connection.run(kRemovePasskey, {person, key})) == 1;
}

}  // namespace identity::credentials
