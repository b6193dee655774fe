// What can be allowed, the roles that allow it, and what a role never gets. The tables of
// docs/operations/rights.md are checked against these.
#pragma once
#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace identity {

// Each is held for certain organisations, or for the platform (kPlatform). Values are kept in the
// database: append only.
enum class Permission : unsigned char {
  // Documents of an organisation.
  documents_send,
  documents_read,  // what is in them
  documents_recall,
  deliveries_acknowledge,
  traces_read,  // where documents are, without their content or subject
  evidence_read,
  // An organisation's own affairs.
  webhooks_manage,
  systems_manage,  // keys and settings of the systems that serve it
  people_manage,   // posts, appointments, delegations, recovery of sign-in
  organisations_read,
  organisations_manage,
  // The platform.
  platform_operate,  // health, quotas, backups
  anchors_manage,    // authorities that signatures are judged by
  audit_read,        // the journal
  statistics_read,
};
inline constexpr int kPermissions = 15;

// "documents.send": in tokens, OpenAPI and the journal.
std::string_view name_of(Permission permission);
std::optional<Permission> permission_named(std::string_view name);

class Permissions {
 public:
  constexpr Permissions() = default;
  constexpr Permissions(std::initializer_list<Permission> all) {  // NOLINT
    for (const Permission one : all) bits_ |= bit(one);
  }
  static constexpr Permissions from_bits(std::int64_t bits) {
    Permissions made;
    made.bits_ = bits & ((std::int64_t{1} << kPermissions) - 1);
    return made;
  }
  constexpr std::int64_t bits() const { return bits_; }
  constexpr bool has(Permission one) const { return (bits_ & bit(one)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  friend constexpr Permissions operator&(Permissions a, Permissions b) {
    return from_bits(a.bits_ & b.bits_);
  }
  friend constexpr Permissions operator|(Permissions a, Permissions b) {
    return from_bits(a.bits_ | b.bits_);
  }
  friend constexpr bool operator==(Permissions, Permissions) = default;

 private:
  static constexpr std::int64_t bit(Permission one) {
    return std::int64_t{1} << static_cast<int>(one);
  }
  std::int64_t bits_ = 0;
};

// Space-separated names, as OAuth writes scopes. identity.permission_unknown names the word.
base::Result<Permissions> read_permissions(std::string_view text);
std::string write_permissions(Permissions permissions);

// What a post makes of the person who holds it (Decree 30/2020, Decision 28/2018). Values are kept
// in the database: append only.
enum class Role : unsigned char {
  clerk,       // văn thư
  officer,     // chuyên viên
  leader,      // lãnh đạo
  assistant,   // thư ký, trợ lý: prepares, never signs
  archivist,   // lưu trữ
  integrator,  // cán bộ kết nối hệ thống
  unit_admin,  // quản trị đơn vị
  operator_,   // quản trị hệ thống, of the platform
  auditor,     // kiểm toán, of the platform or of a unit
  monitor,     // đơn vị theo dõi, of the platform: figures only
};
inline constexpr int kRoles = 10;

std::string_view name_of(Role role);
std::optional<Role> role_named(std::string_view name);
// For people.
const base::Text& title_of(Role role);
Permissions permissions_of(Role role);
// Whether posts with this role are the platform's, an organisation's, or either's.
bool may_be_of_platform(Role role);
bool may_be_of_organisation(Role role);

// What a connected system may be given for the organisations that it serves.
Permissions permissions_of_systems();
// What one person may hand on to another for a time; administration cannot be handed on.
Permissions delegable();

}  // namespace identity
