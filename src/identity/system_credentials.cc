#include "identity/system_credentials.h"

#include <algorithm>
#include <array>

#include "base/hash.h"
#include "base/text.h"
#include "identity/sign_in/encoding.h"
#include "store/journal.h"

namespace identity {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using store::Blob;
using store::Query;

const Query kAll{"identity.system_credentials",
                 "select key, system, kind, name, permissions, added_at, expires_at, revoked_at, "
                 "used_at, hash from system_credential"};
const Query kLast{"identity.system_credential_last_key", "select max(key) from system_credential"};
const Query kCount{"identity.system_credential_count",
                   "select count(*) from system_credential where system = $1"};
const Query kAdd{"identity.system_credential_add",
                 "insert into system_credential (key, system, kind, name, permissions, added_at, "
                 "expires_at, hash) values ($1, $2, $3, $4, $5, $6, $7, $8) "
                 "on conflict (hash) do nothing"};
const Query kRevoke{"identity.system_credential_revoke",
                    "update system_credential set revoked_at = $2 where key = $1 and revoked_at is "
                    "null"};
const Query kUsed{"identity.system_credential_used",
                  "update system_credential set used_at = $2 where key = $1"};

constexpr std::array<std::string_view, 3> kKinds = {"client_secret", "api_key", "certificate"};
constexpr std::string_view kTokenPrefix = "truc_at_", kKeyPrefix = "truc_key_";
constexpr std::string_view kSecretPrefix = "truc_secret_";
constexpr std::size_t kSecretBytes = 32, kPayloadBytes = 32, kMacBytes = 32;
constexpr std::size_t kNameBytesMax = 100, kBearerBytesMax = 200;
constexpr base::Duration kTokenLifetime = hours(1);
constexpr base::Duration kUsedEvery = minutes(10);
constexpr base::Duration kSkew = minutes(2);  // between the nodes of a site

base::Error bad_token() {
  return base::Error(
      base::Code::unauthenticated, "identity.bad_token",
      "the token or key is not good, or no longer; get a new token, or ask for a "
      "new key",
      "mã truy cập hoặc khóa không đúng hoặc đã hết hiệu lực; hãy lấy mã mới hoặc xin "
      "cấp khóa mới");
}

base::Error bad_client() {
  return base::Error(base::Code::unauthenticated, "identity.bad_client",
                     "wrong client_id or client_secret", "sai client_id hoặc client_secret");
}

base::Error bad_credential(std::string en, std::string vi) {
  return base::Error(base::Code::invalid, "identity.bad_credential", std::move(en), std::move(vi));
}

void put_number(base::Bytes& out, std::int64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) {
    out += static_cast<char>(static_cast<std::uint64_t>(number) >> shift & 0xff);
  }
}

std::int64_t number_at(base::BytesView bytes, std::size_t at) {
  std::uint64_t number = 0;
  for (std::size_t i = at; i < at + 8; ++i) {
    number = number << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return static_cast<std::int64_t>(number);
}

bool good_at(const SystemCredential& credential, base::Time now) {
  return !credential.revoked_at && (!credential.expires_at || now < *credential.expires_at);
}

base::Result<void> check(const SystemCredentials::Wanted& wanted, base::Time now) {
  if (wanted.name.empty() || wanted.name.size() > kNameBytesMax || !base::is_utf8(wanted.name)) {
    return bad_credential("name must be 1–100 bytes that say what it is for",
                          "name (tên) phải có 1–100 byte, cho biết dùng vào việc gì");
  }
  if (wanted.permissions.empty() ||
      (wanted.permissions & permissions_of_systems()) != wanted.permissions) {
    return bad_credential(
        "permissions: at least one, and only of: " + write_permissions(permissions_of_systems()),
        "permissions (quyền): ít nhất một, chỉ trong số: " +
            write_permissions(permissions_of_systems()));
  }
  if (wanted.expires_at && *wanted.expires_at <= now) {
    return bad_credential("expires_at must be in the future", "expires_at phải ở tương lai");
  }
  const auto fingerprint = base::from_hex(wanted.fingerprint);
  const bool certificate = wanted.kind == CredentialKind::certificate;
  if (certificate ? (!fingerprint || fingerprint->size() != base::kSha256Bytes)
                  : !wanted.fingerprint.empty()) {
    return bad_credential("fingerprint: SHA-256 of the certificate in hex, for a certificate only",
                          "fingerprint: SHA-256 của chứng thư, dạng hex, chỉ cho loại certificate");
  }
  return base::done();
}

}  // namespace

std::string_view name_of(CredentialKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

std::optional<CredentialKind> credential_kind_named(std::string_view name) {
  const auto found = std::find(kKinds.begin(), kKinds.end(), name);
  if (found == kKinds.end()) return std::nullopt;
  return static_cast<CredentialKind>(found - kKinds.begin());
}

SystemCredentials::SystemCredentials(store::Database& database, Directory& directory,
                                     const base::Clock& clock, base::Random& random,
                                     base::BytesView secrets_key)
    : database_(database),
      directory_(directory),
      clock_(clock),
      random_(random),
      token_key_(base::hmac_sha256(secrets_key, "truc access token 1")) {}

base::Bytes SystemCredentials::mac(base::BytesView payload) const {
  return base::hmac_sha256(token_key_, payload);
}

// Reads again when the directory has changed: every change of a credential makes a new version of
// it.
base::Result<void> SystemCredentials::refresh() const {
  const std::int64_t version = directory_.version();
  {
    std::lock_guard lock(mutex_);
    if (version == version_) return base::done();
  }
  std::unordered_map<CredentialKey, Kept> kept;
  std::unordered_map<std::string, CredentialKey> by_fingerprint;
  TRY(database_.read([&](store::Connection& connection) -> base::Result<void> {
    kept.clear();
    by_fingerprint.clear();
    return connection.each(kAll, {}, [&](const store::Row& row) {
      Kept one;
      one.key = row.integer(0);
      one.system = row.integer(1);
      one.kind = static_cast<CredentialKind>(row.integer(2));
      one.name = row.string(3);
      one.permissions = Permissions::from_bits(row.integer(4));
      one.added_at = row.time(5);
      one.expires_at = row.optional_time(6);
      one.revoked_at = row.optional_time(7);
      one.used_at = row.optional_time(8);
      one.hash = row.bytes(9);
      if (one.kind == CredentialKind::certificate) by_fingerprint[base::hex(one.hash)] = one.key;
      kept[one.key] = std::move(one);
      return true;
    });
  }));
  std::unordered_map<SystemKey, std::vector<OrganisationKey>> served;
  directory_.each([&](const Organisation& organisation) {
    if (organisation.system != 0 && !organisation.deleted)
      served[organisation.system].push_back(organisation.key);
  });
  for (auto& item : served) std::sort(item.second.begin(), item.second.end());
  std::lock_guard lock(mutex_);
  if (version < version_) return base::done();
  kept_ = std::move(kept);
  by_fingerprint_ = std::move(by_fingerprint);
  served_ = std::move(served);
  version_ = version;
  return base::done();
}

base::Result<void> SystemCredentials::require_manager_of(const Principal& by,
                                                         const ConnectedSystem& system) const {
  TRY(refresh());
  std::vector<OrganisationKey> served;
  {
    std::lock_guard lock(mutex_);
    if (const auto found = served_.find(system.key); found != served_.end()) served = found->second;
  }
  if (served.empty()) return require(by, Permission::systems_manage, kPlatform);
  for (const OrganisationKey one : served) TRY(require(by, Permission::systems_manage, one));
  return base::done();
}

base::Result<SystemCredentials::Issued> SystemCredentials::issue(const Principal& by,
                                                                 std::string_view system,
                                                                 const Wanted& wanted,
                                                                 bool approved) {
  const auto known = directory_.system(system);
  if (!known) return unknown_system(system);
  TRY(require_manager_of(by, *known));
  TRY(check(wanted, clock_.now()));
  const base::Bytes secret = random_.bytes(kSecretBytes);
  Issued issued;
  TRY(database_.write([&](store::Connection& connection) -> base::Result<void> {
    // Who is of the platform could let themselves in as a system that works already.
    const bool of_platform = may(by, Permission::systems_manage, kPlatform);
    const bool in_use = TRY(connection.integer(kCount, {known->key})).value_or(0) > 0;
    if (of_platform && in_use && !approved) {
      return base::Error(base::Code::forbidden, "identity.needs_approval",
                         "this needs a second administrator: propose it, and another approves",
                         "việc này cần quản trị viên thứ hai: hãy đề nghị để người khác phê duyệt");
    }
    issued.key = TRY(connection.integer(kLast, {})).value_or(0) + 1;
    const std::string number = std::to_string(issued.key);
    issued.secret.clear();
    if (wanted.kind == CredentialKind::api_key)
      issued.secret = std::string(kKeyPrefix) + number + "_" + base64url(secret);
    if (wanted.kind == CredentialKind::client_secret)
      issued.secret = std::string(kSecretPrefix) + number + "_" + base64url(secret);
    const base::Bytes hash = wanted.kind == CredentialKind::certificate
                                 ? base::from_hex(wanted.fingerprint).value()
                                 : base::sha256(issued.secret);
    const auto added = TRY(connection.run(
        kAdd, {issued.key, known->key, static_cast<int>(wanted.kind), wanted.name,
               wanted.permissions.bits(), clock_.now(), wanted.expires_at, Blob{hash}}));
    if (added == 0) {
      return bad_credential("fingerprint: that certificate is in use already",
                            "fingerprint: chứng thư này đã được dùng");
    }
    TRY(new_directory_version(connection));
    base::Json body;
    body.add("by", by.id);
    body.add("credential", issued.key);
    body.add("kind", name_of(wanted.kind));
    body.add("permissions", write_permissions(wanted.permissions));
    return store::journal::append(connection, clock_.now(), "credential_issued", system, body);
  }));
  TRY(directory_.refresh());
  return issued;
}

base::Result<void> SystemCredentials::revoke(const Principal& by, CredentialKey key) {
  TRY(refresh());
  std::optional<ConnectedSystem> system;
  {
    std::lock_guard lock(mutex_);
    if (const auto found = kept_.find(key); found != kept_.end())
      system = directory_.system_by_key(found->second.system);
  }
  if (!system || !require_manager_of(by, *system)) {
    return base::Error(base::Code::not_found, "identity.credential_unknown",
                       "there is no such credential", "không có thông tin xác thực này");
  }
  TRY(database_.write([&](store::Connection& connection) -> base::Result<void> {
    if (TRY(connection.run(kRevoke, {key, clock_.now()})) == 0) return base::done();
    TRY(new_directory_version(connection));
    base::Json body;
    body.add("by", by.id);
    body.add("credential", key);
    return store::journal::append(connection, clock_.now(), "credential_revoked", system->id, body);
  }));
  return directory_.refresh();
}

base::Result<std::vector<SystemCredential>> SystemCredentials::list(std::string_view id) const {
  TRY(refresh());
  const auto system = directory_.system(id);
  std::vector<SystemCredential> all;
  std::lock_guard lock(mutex_);
  for (const auto& item : kept_) {
    if (system && item.second.system == system->key) all.push_back(item.second);
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.key < b.key; });
  return all;
}

base::Result<SystemCredentials::Token> SystemCredentials::token(std::string_view client,
                                                                std::string_view secret,
                                                                std::string_view scope) {
  TRY(refresh());
  const base::Bytes hash = base::sha256(secret.substr(0, kBearerBytesMax));
  const auto system = directory_.system(client);
  const base::Time now = clock_.now();
  std::optional<SystemCredential> found;
  {
    std::lock_guard lock(mutex_);
    for (const auto& item : kept_) {
      const Kept& one = item.second;
      if (one.kind == CredentialKind::client_secret && system && one.system == system->key &&
          base::equal_constant_time(one.hash, hash) && good_at(one, now)) {
        found = one;
      }
    }
  }
  if (!found || !system->enabled) return bad_client();
  Permissions permissions = found->permissions;
  if (const auto wanted = TRY(read_permissions(scope)); !wanted.empty()) {
    if ((wanted & permissions) != wanted) {
      return base::Error(base::Code::invalid, "identity.bad_scope",
                         "scope: this client has only " + write_permissions(permissions),
                         "scope: hệ thống này chỉ có " + write_permissions(permissions));
    }
    permissions = wanted;
  }
  used(found->key);
  base::Bytes payload;
  put_number(payload, found->system);
  put_number(payload, found->key);
  put_number(payload, base::to_micros(now + kTokenLifetime));
  put_number(payload, permissions.bits());
  return Token{std::string(kTokenPrefix) + base64url(payload + mac(payload)), kTokenLifetime,
               permissions};
}

base::Result<Principal> SystemCredentials::of_bearer(std::string_view bearer) {
  if (bearer.size() > kBearerBytesMax) return bad_token();
  TRY(refresh());
  if (bearer.starts_with(kTokenPrefix)) {
    const auto bytes = from_base64url(bearer.substr(kTokenPrefix.size()));
    if (!bytes || bytes->size() != kPayloadBytes + kMacBytes) return bad_token();
    const base::BytesView payload = base::BytesView(*bytes).substr(0, kPayloadBytes);
    if (!base::equal_constant_time(mac(payload), base::BytesView(*bytes).substr(kPayloadBytes))) {
      return bad_token();
    }
    const base::Time expires = base::from_micros(number_at(payload, 16));
    const base::Time now = clock_.now();
    // A token from the future was made by a clock that has been put back since.
    if (expires <= now || expires > now + kTokenLifetime + kSkew) return bad_token();
    return principal(number_at(payload, 8), Permissions::from_bits(number_at(payload, 24)));
  }
  if (!bearer.starts_with(kKeyPrefix)) return bad_token();
  const std::string_view rest = bearer.substr(kKeyPrefix.size());
  const auto key = base::parse_int(rest.substr(0, rest.find('_')));
  const base::Bytes hash = base::sha256(bearer);
  bool good = false;
  {
    std::lock_guard lock(mutex_);
    const auto found = kept_.find(key.value_or(0));
    good = found != kept_.end() && found->second.kind == CredentialKind::api_key &&
           base::equal_constant_time(found->second.hash, hash);
  }
  if (!good) return bad_token();
  used(*key);
  return principal(*key, permissions_of_systems());
}

base::Result<Principal> SystemCredentials::of_certificate(std::string_view fingerprint) {
  TRY(refresh());
  CredentialKey key = 0;
  {
    std::lock_guard lock(mutex_);
    const auto found = by_fingerprint_.find(base::lower_ascii(fingerprint));
    if (found == by_fingerprint_.end()) return bad_token();
    key = found->second;
  }
  used(key);
  return principal(key, permissions_of_systems());
}

SystemKey SystemCredentials::system_of(CredentialKey key) const {
  std::lock_guard lock(mutex_);
  const auto found = kept_.find(key);
  return found == kept_.end() ? 0 : found->second.system;
}

SystemKey SystemCredentials::claimed_by_bearer(std::string_view bearer) const {
  if (bearer.size() > kBearerBytesMax) return 0;
  if (bearer.starts_with(kTokenPrefix)) {
    const auto bytes = from_base64url(bearer.substr(kTokenPrefix.size()));
    if (!bytes || bytes->size() != kPayloadBytes + kMacBytes) return 0;
    return system_of(number_at(*bytes, 8));
  }
  if (!bearer.starts_with(kKeyPrefix)) return 0;
  const std::string_view rest = bearer.substr(kKeyPrefix.size());
  return system_of(base::parse_int(rest.substr(0, rest.find('_'))).value_or(0));
}

SystemKey SystemCredentials::claimed_by_certificate(std::string_view fingerprint) const {
  CredentialKey key = 0;
  {
    std::lock_guard lock(mutex_);
    const auto found = by_fingerprint_.find(base::lower_ascii(fingerprint));
    if (found != by_fingerprint_.end()) key = found->second;
  }
  return system_of(key);
}

base::Result<Principal> SystemCredentials::principal(CredentialKey key, Permissions limit) {
  Grant grant;
  Principal made;
  {
    std::lock_guard lock(mutex_);
    const auto found = kept_.find(key);
    if (found == kept_.end() || !good_at(found->second, clock_.now())) return bad_token();
    made.system = found->second.system;
    grant.permissions = found->second.permissions & limit & permissions_of_systems();
    if (const auto served = served_.find(made.system); served != served_.end())
      grant.organisations = served->second;
  }
  const auto system = directory_.system_by_key(made.system);
  if (!system || !system->enabled) return bad_token();
  made.kind = Principal::Kind::system;
  made.credential = key;
  made.id = "system:" + system->id;
  made.assurance = Assurance::single;
  made.grants.push_back(std::move(grant));
  return made;
}

// Not worth failing a call for, and not worth an fsync each time.
void SystemCredentials::used(CredentialKey key) {
  const base::Time now = clock_.now();
  {
    std::lock_guard lock(mutex_);
    const auto found = kept_.find(key);
    if (found == kept_.end()) return;
    auto& used_at = found->second.used_at;
    if (used_at && *used_at <= now && now - *used_at < kUsedEvery) return;
    used_at = now;
  }
  (void)database_.write([&](store::Connection& connection) -> base::Result<void> {
    TRY(connection.run(kUsed, {key, now}));
    return base::done();
  });
}

}  // namespace identity
