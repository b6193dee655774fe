#include "identity/directory.h"

#include <algorithm>
#include <mutex>

#include "base/hash.h"
#include "base/text.h"
#include "store/journal.h"

namespace identity {
namespace {

using store::Blob;
using store::Query;

constexpr std::size_t kCodeBytesMax = 35;
constexpr std::size_t kSecretBytesMin = 8;
constexpr int kSuccessorStepsMax = 16;

const Query kVersion{"identity.directory_version",
                     "select value from meta where name = 'directory_version'"};
const Query kSetVersion{"identity.directory_set_version",
                        "insert into meta (name, value) values ('directory_version', $1) "
                        "on conflict (name) do update set value = excluded.value"};
const Query kChanged{"identity.organisations_changed",
                     "select key, code, name, parent, old_code, mail, system, effective_from, "
                     "effective_to, successor, deleted, version, changed_at, removed_by "
                     "from organisation "
                     "where version > $1 order by version, key"};
const Query kAliases{"identity.aliases_changed",
                     "select alias, organisation from organisation_alias where version > $1"};
const Query kSystems{"identity.systems",
                     "select key, id, secret, enabled, added_at from connected_system"};
const Query kOneByCode{"identity.organisation_by_code",
                       "select key, code, name, parent, old_code, mail, system, effective_from, "
                       "effective_to, successor, deleted, version, changed_at, removed_by "
                       "from organisation "
                       "where code = $1"};
const Query kLastKey{"identity.organisation_last_key", "select max(key) from organisation"};
const Query kPut{"identity.organisation_put",
                 "insert into organisation (key, code, name, parent, old_code, mail, system, "
                 "effective_from, effective_to, successor, deleted, version, changed_at, "
                 "removed_by) "
                 "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) "
                 "on conflict (code) do update set name = excluded.name, parent = excluded.parent, "
                 "old_code = excluded.old_code, mail = excluded.mail, system = excluded.system, "
                 "effective_from = excluded.effective_from, effective_to = excluded.effective_to, "
                 "successor = excluded.successor, deleted = excluded.deleted, "
                 "version = excluded.version, changed_at = excluded.changed_at, "
                 "removed_by = excluded.removed_by"};
const Query kPutAlias{
    "identity.alias_put",
    "insert into organisation_alias (alias, organisation, version) values ($1, $2, $3) "
    "on conflict (alias) do update set organisation = excluded.organisation, "
    "version = excluded.version"};
const Query kSystem{"identity.system", "select key, enabled from connected_system where id = $1"};
const Query kSystemLastKey{"identity.system_last_key", "select max(key) from connected_system"};
const Query kInsertSystem{"identity.system_insert",
                          "insert into connected_system (key, id, secret, enabled, added_at) "
                          "values ($1, $2, $3, 1, $4)"};
const Query kSetSecret{"identity.system_set_secret",
                       "update connected_system set secret = $2 where id = $1"};
const Query kEnableSystem{"identity.system_enable",
                          "update connected_system set enabled = $2 where id = $1"};

Organisation organisation_of(const store::Row& row) {
  return Organisation{row.integer(0), row.string(1),        row.string(2),
                      row.string(3),  row.string(4),        row.string(5),
                      row.integer(6), row.optional_time(7), row.optional_time(8),
                      row.string(9),  row.integer(10) != 0, row.integer(11),
                      row.time(12),   row.integer(13)};
}

base::Error unknown(std::string_view code) {
  return base::Error(base::Code::not_found, "identity.organisation_unknown",
                     "no organisation has the code " + std::string(code),
                     "không có cơ quan mang mã " + std::string(code));
}

base::Error disabled_system(std::string_view id) {
  const std::string shown(id);
  return base::Error(base::Code::conflict, "identity.system_disabled",
                     "system " + shown +
                         " is disabled, and nothing was changed; to let it in again: truc system "
                         "enable " +
                         shown + " (with --secret-file FILE if it gets a new secret)",
                     "hệ thống " + shown +
                         " đang bị khóa, chưa thay đổi gì; muốn cho hoạt động trở lại: truc system "
                         "enable " +
                         shown + " (kèm --secret-file TỆP nếu đổi khóa bí mật)");
}

bool is_zeros(std::string_view group) {
  return !group.empty() && group.find_first_not_of('0') == std::string_view::npos;
}

}  // namespace

base::Result<std::int64_t> new_directory_version(store::Connection& connection) {
  std::string text;
  TRY(connection.first(kVersion, {}, [&](const store::Row& row) { text = row.string(0); }));
  const std::int64_t version = base::parse_int(text).value_or(0) + 1;
  TRY(connection.run(kSetVersion, {std::to_string(version)}));
  return version;
}

base::Error unknown_system(std::string_view id) {
  const std::string shown(id);
  return base::Error(
      base::Code::not_found, "identity.system_unknown",
      "no system has the id " + shown + "; see truc system list, or connect it: truc system add " +
          shown + " --secret-file FILE",
      "không có hệ thống mang mã " + shown +
          "; xem truc system list, hoặc kết nối: truc system add " + shown + " --secret-file TỆP");
}

std::string normalised_code(std::string_view code) {
  const auto groups = base::split(code, '.');
  // The QCVN 102 form: 3.2.2.3 characters, the level-1 unit last.
  if (groups.size() != 4 || groups[0].size() != 3 || groups[1].size() != 2 ||
      groups[2].size() != 2 || groups[3].size() != 3) {
    return std::string(code);
  }
  std::string out(groups[3]);
  std::size_t deepest = 0;
  while (deepest < 3 && is_zeros(groups[deepest])) ++deepest;
  for (std::size_t i = 3; i-- > deepest;) out += "." + std::string(groups[i]);
  return out;
}

base::Result<void> check_code(std::string_view code) {
  if (code.empty() || code.size() > kCodeBytesMax ||
      code.find_first_of(", \t\r\n\"") != std::string_view::npos || !base::is_utf8(code)) {
    const std::string shown(base::cut_utf8(code, 60));
    return base::Error(
        base::Code::invalid, "identity.bad_code",
        "organisation code \"" + shown + "\" must be 1–35 characters without comma or space",
        "mã cơ quan \"" + shown + "\" phải có 1–35 ký tự, không có dấu phẩy hay khoảng trắng");
  }
  return base::done();
}

Directory::Directory(store::Database& database, const base::Clock& clock, base::Random& random,
                     base::Bytes secrets_key, Served served)
    : database_(database),
      clock_(clock),
      random_(random),
      secrets_key_(std::move(secrets_key)),
      served_(std::move(served)) {}

void Directory::keep(Organisation organisation) {
  const OrganisationKey key = organisation.key;
  if (const auto known = organisations_.find(key);
      known != organisations_.end() && known->second.old_code != organisation.old_code) {
    const auto old = by_old_code_.find(known->second.old_code);
    if (old != by_old_code_.end() && old->second == key) by_old_code_.erase(old);
  }
  by_code_[organisation.code] = key;
  if (std::string other = normalised_code(organisation.code); other != organisation.code) {
    by_other_notation_[std::move(other)] = key;
  }
  if (!organisation.old_code.empty()) by_old_code_[organisation.old_code] = key;
  organisations_[key] = std::move(organisation);
}

base::Result<void> Directory::refresh() {
  return database_.read([&](store::Connection& connection) -> base::Result<void> {
    std::string text;
    TRY(connection.first(kVersion, {}, [&](const store::Row& row) { text = row.string(0); }));
    const std::int64_t newest = base::parse_int(text).value_or(0);
    std::int64_t known = 0;
    {
      std::shared_lock lock(mutex_);
      known = version_;
    }
    if (newest <= known) return base::done();
    std::vector<Organisation> changed;
    TRY(connection.each(kChanged, {known}, [&](const store::Row& row) {
      changed.push_back(organisation_of(row));
      return true;
    }));
    std::vector<std::pair<std::string, OrganisationKey>> aliases;
    TRY(connection.each(kAliases, {known}, [&](const store::Row& row) {
      aliases.emplace_back(row.string(0), row.integer(1));
      return true;
    }));
    std::unique_lock lock(mutex_);
    // Another thread may have read a newer snapshot meanwhile: this one must not bring back the
    // past.
    if (version_ >= newest) return base::done();
    for (Organisation& organisation : changed) keep(std::move(organisation));
    for (auto& [alias, key] : aliases) by_alias_[alias] = key;
    TRY(read_systems(connection));
    version_ = newest;
    return base::done();
  });
}

base::Result<void> Directory::read_systems(store::Connection& connection) {
  ByText<ConnectedSystem> systems;
  std::unordered_map<SystemKey, std::string> ids;
  std::string unreadable;
  TRY(connection.each(kSystems, {}, [&](const store::Row& row) {
    ConnectedSystem system{row.integer(0), row.string(1), {}, row.integer(3) != 0, row.time(4)};
    auto secret = base::unseal(secrets_key_, system.id, row.bytes(2));
    if (!secret) {
      unreadable = system.id;
      return false;
    }
    system.secret = std::move(*secret);
    ids[system.key] = system.id;
    systems[system.id] = std::move(system);
    return true;
  }));
  if (!unreadable.empty()) {
    return base::Error(
        base::Code::data_loss, "identity.secret_unreadable",
        "the secret of system " + unreadable + " cannot be opened with this site's secret.key",
        "không mở được khóa bí mật của hệ thống " + unreadable +
            " bằng tệp secret.key của máy này");
  }
  systems_ = std::move(systems);
  system_ids_ = std::move(ids);
  return base::done();
}

std::int64_t Directory::version() const {
  std::shared_lock lock(mutex_);
  return version_;
}

const Organisation* Directory::exact_locked(std::string_view code) const {
  for (const auto* map : {&by_code_, &by_alias_, &by_old_code_}) {
    if (const auto found = map->find(code); found != map->end())
      return &organisations_.at(found->second);
  }
  return nullptr;
}

const Organisation* Directory::find_locked(std::string_view code) const {
  if (const Organisation* exact = exact_locked(code)) return exact;
  const std::string normalised = normalised_code(code);
  if (normalised != code) {
    if (const Organisation* exact = exact_locked(normalised)) return exact;
  }
  const auto other = by_other_notation_.find(normalised);
  return other == by_other_notation_.end() ? nullptr : &organisations_.at(other->second);
}

std::optional<Organisation> Directory::find(std::string_view code) const {
  std::shared_lock lock(mutex_);
  const Organisation* found = find_locked(base::trim(code));
  return found ? std::optional(*found) : std::nullopt;
}

// Nothing when `organisation` is in force itself or nobody took over.
const Organisation* Directory::successor_locked(const Organisation& organisation,
                                                base::Time now) const {
  if (organisation.effective(now) || organisation.successor.empty()) return nullptr;
  return find_locked(organisation.successor);
}

std::optional<Organisation> Directory::recipient(std::string_view code, base::Time now) const {
  std::shared_lock lock(mutex_);
  const Organisation* found = find_locked(base::trim(code));
  for (int step = 0; found != nullptr && step < kSuccessorStepsMax; ++step) {
    if (found->effective(now)) return *found;
    found = successor_locked(*found, now);
  }
  return std::nullopt;
}

std::vector<Organisation> Directory::succession(std::string_view code, base::Time now) const {
  std::shared_lock lock(mutex_);
  std::vector<Organisation> line;
  const Organisation* found = find_locked(base::trim(code));
  for (int step = 0; found != nullptr && step < kSuccessorStepsMax; ++step) {
    const bool again = std::any_of(line.begin(), line.end(),
                                   [&](const auto& one) { return one.key == found->key; });
    if (again) break;  // they name each other
    line.push_back(*found);
    found = successor_locked(*found, now);
  }
  return line;
}

std::optional<Organisation> Directory::by_key(OrganisationKey key) const {
  std::shared_lock lock(mutex_);
  const auto found = organisations_.find(key);
  return found == organisations_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<ConnectedSystem> Directory::system(std::string_view id) const {
  std::shared_lock lock(mutex_);
  const auto found = systems_.find(id);
  return found == systems_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<ConnectedSystem> Directory::system_by_key(SystemKey key) const {
  std::shared_lock lock(mutex_);
  const auto id = system_ids_.find(key);
  if (id == system_ids_.end()) return std::nullopt;
  return systems_.find(id->second)->second;
}

void Directory::each(const std::function<void(const Organisation&)>& visit) const {
  std::vector<Organisation> sorted;
  {
    std::shared_lock lock(mutex_);
    sorted.reserve(organisations_.size());
    for (const auto& item : organisations_) sorted.push_back(item.second);
  }
  std::sort(sorted.begin(), sorted.end(),
            [](const auto& a, const auto& b) { return a.code < b.code; });
  for (const Organisation& organisation : sorted) visit(organisation);
}

std::vector<ConnectedSystem> Directory::systems() const {
  std::shared_lock lock(mutex_);
  std::vector<ConnectedSystem> all;
  for (const auto& item : systems_) all.push_back(item.second);
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  return all;
}

std::size_t Directory::size() const {
  std::shared_lock lock(mutex_);
  return organisations_.size();
}

base::Result<void> Directory::write_organisation(store::Connection& connection,
                                                 const Organisation& wanted, std::int64_t version,
                                                 const Permit& permit) {
  Organisation row = wanted;
  Organisation known;
  const bool exists = TRY(connection.first(
      kOneByCode, {wanted.code}, [&](const store::Row& r) { known = organisation_of(r); }));
  if (exists && permit) TRY(permit(known));
  if (exists) {
    row.key = known.key;
    if (row.name.empty()) row.name = known.name;
    if (row.parent.empty()) row.parent = known.parent;
    if (row.old_code.empty()) row.old_code = known.old_code;
    if (row.mail.empty()) row.mail = known.mail;
    if (row.system == 0) row.system = known.system;
    if (!row.effective_from) row.effective_from = known.effective_from;
    if (!row.effective_to) row.effective_to = known.effective_to;
    if (row.successor.empty()) row.successor = known.successor;
  } else {
    row.key = TRY(connection.integer(kLastKey, {})).value_or(0) + 1;
  }
  if (row.name.empty()) row.name = row.code;
  TRY(connection.run(kPut, {row.key, row.code, row.name, row.parent, row.old_code, row.mail,
                            row.system, row.effective_from, row.effective_to, row.successor,
                            row.deleted, version, clock_.now(), row.removed_by}));
  if (row.system != 0) {
    TRY(served_(connection, row.key, exists ? known.system : 0, row.system));
  }
  return base::done();
}

base::Result<void> Directory::put(const std::vector<Organisation>& organisations,
                                  std::string_view by, const Permit& permit) {
  for (const Organisation& organisation : organisations) TRY(check_code(organisation.code));
  TRY(database_.write([&](store::Connection& connection) -> base::Result<void> {
    const std::int64_t version = TRY(new_directory_version(connection));
    for (const Organisation& organisation : organisations) {
      TRY(write_organisation(connection, organisation, version, permit));
    }
    base::Json body;
    body.add("by", by).add("count", static_cast<std::int64_t>(organisations.size()));
    if (organisations.size() == 1) body.add("name", organisations[0].name);
    return store::journal::append(connection, clock_.now(), "organisations_put",
                                  organisations.size() == 1 ? organisations[0].code : "", body);
  }));
  return refresh();
}

base::Result<void> Directory::put_alias(std::string_view alias, std::string_view code) {
  TRY(check_code(alias));
  const auto target = find(code);
  if (!target) return unknown(code);
  TRY(database_.write([&](store::Connection& connection) -> base::Result<void> {
    const std::int64_t version = TRY(new_directory_version(connection));
    TRY(connection.run(kPutAlias, {alias, target->key, version}));
    base::Json body;
    body.add("alias", alias);
    return store::journal::append(connection, clock_.now(), "alias_put", target->code, body);
  }));
  return refresh();
}

base::Result<void> Directory::remove(std::string_view code, std::string_view by, SystemKey system) {
  const auto named = find(code);
  TRY(database_.write([&](store::Connection& connection) -> base::Result<void> {
    // As it is now: another process may have changed it since it was read.
    Organisation row;
    const bool exists =
        named && TRY(connection.first(kOneByCode, {named->code},
                                      [&](const store::Row& r) { row = organisation_of(r); }));
    if (!exists || row.deleted || (system != 0 && row.system != system)) return unknown(code);
    row.deleted = true;
    row.removed_by = system;
    const std::int64_t version = TRY(new_directory_version(connection));
    TRY(write_organisation(connection, row, version));
    base::Json body;
    body.add("by", by);
    return store::journal::append(connection, clock_.now(), "organisation_removed", row.code, body);
  }));
  return refresh();
}

base::Result<base::Bytes> Directory::sealed(std::string_view id, base::BytesView secret) {
  if (secret.size() < kSecretBytesMin) {
    return base::Error(base::Code::invalid, "identity.weak_secret",
                       "the secret must have at least 8 bytes",
                       "khóa bí mật phải có ít nhất 8 byte");
  }
  return base::seal(secrets_key_, id, secret, random_.bytes(12));
}

base::Result<void> Directory::put_system(std::string_view id, std::optional<base::BytesView> secret,
                                         const std::vector<std::string>& codes,
                                         std::string_view by) {
  if (!check_code(id)) {
    return base::Error(
        base::Code::invalid, "identity.bad_system_id",
        "a system id is 1–35 characters without comma or space, like 00.53.W00",
        "mã hệ thống gồm 1–35 ký tự, không dấu phẩy, không khoảng trắng, ví dụ 00.53.W00");
  }
  base::Bytes sealed_secret;
  if (secret) sealed_secret = TRY(sealed(id, *secret));
  for (const std::string& code : codes) TRY(check_code(code));
  TRY(database_.write([&](store::Connection& connection) -> base::Result<void> {
    const std::int64_t version = TRY(new_directory_version(connection));
    SystemKey key = 0;
    bool enabled = true;
    TRY(connection.first(kSystem, {id}, [&](const store::Row& row) {
      key = row.integer(0);
      enabled = row.integer(1) != 0;
    }));
    if (key == 0 && !secret) return unknown_system(id);
    // Who was shut out comes in again only when somebody means it.
    if (!enabled) return disabled_system(id);
    if (key == 0) {
      key = TRY(connection.integer(kSystemLastKey, {})).value_or(0) + 1;
      TRY(connection.run(kInsertSystem, {key, id, Blob{sealed_secret}, clock_.now()}));
    } else if (secret) {
      TRY(connection.run(kSetSecret, {id, Blob{sealed_secret}}));
    }
    for (const std::string& code : codes) {
      Organisation organisation;
      const auto known = find(code);
      organisation.code = known ? known->code : code;
      organisation.system = key;
      TRY(write_organisation(connection, organisation, version));
    }
    base::Json body;
    body.add("by", by).add("organisations", static_cast<std::int64_t>(codes.size()));
    return store::journal::append(connection, clock_.now(), "system_put", id, body);
  }));
  return refresh();
}

base::Result<void> Directory::enable_system(std::string_view id, bool enabled,
                                            std::optional<base::BytesView> secret) {
  base::Bytes sealed_secret;
  if (secret) sealed_secret = TRY(sealed(id, *secret));
  TRY(database_.write([&](store::Connection& connection) -> base::Result<void> {
    if (TRY(connection.run(kEnableSystem, {id, enabled})) == 0) return unknown_system(id);
    base::Json body;
    if (secret) {
      TRY(connection.run(kSetSecret, {id, Blob{sealed_secret}}));
      body.add("secret", "changed");
    }
    TRY(new_directory_version(connection));
    return store::journal::append(connection, clock_.now(),
                                  enabled ? "system_enabled" : "system_disabled", id, body);
  }));
  return refresh();
}

}  // namespace identity
