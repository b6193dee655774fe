// Who takes part: organisations, on a time line and under every code they are known by, and the
// connected systems that serve them. Kept in the database, held in memory for look-ups.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"
#include "base/result.h"
#include "base/time.h"
#include "identity/keys.h"
#include "store/database.h"

namespace identity {

struct Organisation {
  OrganisationKey key = 0;
  std::string code;  // as registered; opaque, any form of edxml.md §4.2
  std::string name;
  std::string parent;    // code of the parent, or empty
  std::string old_code;  // the QCVN 102 form, where the list maps it explicitly
  std::string mail;
  SystemKey system = 0;  // the connected system that serves it; 0: none yet
  std::optional<base::Time> effective_from, effective_to;
  std::string successor;  // code of what took over when effective_to passed
  bool deleted = false;
  std::int64_t version = 0;  // grows with every change in the directory
  base::Time changed_at;
  SystemKey removed_by = 0;  // of a deleted one: the system that removed it; 0: the operator

  bool effective(base::Time now) const {
    return !deleted && (!effective_from || *effective_from <= now) &&
           (!effective_to || now < *effective_to);
  }
};

struct ConnectedSystem {
  SystemKey key = 0;
  std::string id;  // "00.53.W00"
  base::Bytes secret;
  bool enabled = true;
  base::Time added_at;
};

// The same code in the other notation: "000.00.00.X" = "X", "000.00.12.H41" = "H41.12" (edxml.md
// §4.2). Valid only where no list says otherwise. Codes in neither form come back unchanged.
std::string normalised_code(std::string_view code);
// identity.bad_code (Code::invalid) unless it is 1–35 characters without comma or space.
base::Result<void> check_code(std::string_view code);

// identity.system_unknown.
base::Error unknown_system(std::string_view id);
// Within a transaction that changes what others keep in memory together with the directory: they
// read again when Directory::version() has grown.
base::Result<std::int64_t> new_directory_version(store::Connection& connection);

class Directory {
 public:
  // Told, within the transaction, which system serves an organisation from now on, and which did
  // before (0: none): what waits for the organisation goes along.
  using Served = std::function<base::Result<void>(store::Connection&, OrganisationKey organisation,
                                                  SystemKey before, SystemKey now)>;
  // `secrets_key` (32 bytes) seals the systems' secrets in the database. Everything passed in
  // outlives the directory.
  Directory(store::Database& database, const base::Clock& clock, base::Random& random,
            base::Bytes secrets_key, Served served);

  // Reads what has changed in the database since the last call; cheap when nothing has. Other
  // processes (commands) change it too. Any thread.
  base::Result<void> refresh();
  // Grows with every change that this process knows of.
  std::int64_t version() const;

  // --- look-ups; any thread -------------------------------------------------------------------
  // By code, alias, old code, or the other notation. Also those not effective or deleted.
  std::optional<Organisation> find(std::string_view code) const;
  // Who receives what is addressed to `code` now: itself while effective, else its successor (and
  // that one's, at most 16 steps). Nothing when nobody does.
  std::optional<Organisation> recipient(std::string_view code, base::Time now) const;
  // The one known as `code` and, while that is not in force, those that took over from it, one
  // after the other. Empty when nobody has the code.
  std::vector<Organisation> succession(std::string_view code, base::Time now) const;
  std::optional<Organisation> by_key(OrganisationKey key) const;
  std::optional<ConnectedSystem> system(std::string_view id) const;
  std::optional<ConnectedSystem> system_by_key(SystemKey key) const;
  void each(const std::function<void(const Organisation&)>& visit) const;  // by code, deleted too
  std::vector<ConnectedSystem> systems() const;
  std::size_t size() const;

  // --- changes; durable and visible here when they return ---------------------------------------
  // Adds or changes organisations by code, in one transaction. Empty fields of an existing one are
  // left as they are.
  // `permit`, where given, is asked within the transaction about each that is known already; when
  // it refuses one, nothing is changed.
  using Permit = std::function<base::Result<void>(const Organisation& known)>;
  base::Result<void> put(const std::vector<Organisation>& organisations, std::string_view by,
                         const Permit& permit = {});
  base::Result<void> put_alias(std::string_view alias, std::string_view code);
  // Marks it deleted. `system`: the connected system that removes it, which must serve it; 0: the
  // operator. identity.organisation_unknown.
  base::Result<void> remove(std::string_view code, std::string_view by, SystemKey system = 0);
  // Adds a system, or changes its secret when it exists, and makes it serve `codes` (organisations
  // not yet known are created). Without a secret the one that it has stays.
  // identity.bad_system_id, identity.weak_secret (under 8 bytes), identity.system_unknown (no such
  // system, and no secret for a new one), identity.system_disabled (conflict). `by`: who does it,
  // for the journal (Principal::id).
  base::Result<void> put_system(std::string_view id, std::optional<base::BytesView> secret,
                                const std::vector<std::string>& codes,
                                std::string_view by = "console");
  // Lets a system in or shuts it out; with a new `secret` if one is given. identity.system_unknown,
  // identity.weak_secret.
  base::Result<void> enable_system(std::string_view id, bool enabled,
                                   std::optional<base::BytesView> secret = std::nullopt);

 private:
  base::Result<void> write_organisation(store::Connection& connection, const Organisation& wanted,
                                        std::int64_t version, const Permit& permit = {});
  base::Result<base::Bytes> sealed(std::string_view id, base::BytesView secret);
  const Organisation* successor_locked(const Organisation& organisation, base::Time now) const;
  const Organisation* find_locked(std::string_view code) const;
  const Organisation* exact_locked(std::string_view code) const;
  void keep(Organisation organisation);
  base::Result<void> read_systems(store::Connection& connection);

  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  template <class T>
  using ByText = std::unordered_map<std::string, T, TextHash, std::equal_to<>>;

  store::Database& database_;
  const base::Clock& clock_;
  base::Random& random_;
  const base::Bytes secrets_key_;
  const Served served_;
  mutable std::shared_mutex mutex_;
  std::unordered_map<OrganisationKey, Organisation> organisations_;
  ByText<OrganisationKey> by_code_, by_old_code_, by_alias_;
  ByText<OrganisationKey>
      by_other_notation_;  // those registered under a QCVN 102 code, by the new form
  ByText<ConnectedSystem> systems_;
  std::unordered_map<SystemKey, std::string> system_ids_;
  std::int64_t version_ = 0;
};

}  // namespace identity
