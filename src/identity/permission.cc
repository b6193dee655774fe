#include "identity/permission.h"

#include "base/text.h"

namespace identity {
namespace {

using enum Permission;

constexpr std::array<std::string_view, kPermissions> kNames = {
    "documents.send", "documents.read",     "documents.recall",     "deliveries.acknowledge",
    "traces.read",    "evidence.read",      "webhooks.manage",      "systems.manage",
    "people.manage",  "organisations.read", "organisations.manage", "platform.operate",
    "anchors.manage", "audit.read",         "statistics.read"};

struct RoleRow {
  Role role;
  std::string_view name;
  base::Text title;
  Permissions permissions;
  bool platform, organisation;
};

constexpr Permissions kReads = {documents_read, traces_read, evidence_read, organisations_read,
                                statistics_read};

const std::array<RoleRow, kRoles>& table() {
  static const std::array<RoleRow, kRoles> kTable = {{
      {Role::clerk,
       "clerk",
       {"văn thư", "clerk"},
       kReads | Permissions{documents_send, documents_recall, deliveries_acknowledge},
       false,
       true},
      {Role::officer, "officer", {"chuyên viên", "officer"}, kReads, false, true},
      {Role::leader, "leader", {"lãnh đạo", "leader"}, kReads, false, true},
      {Role::assistant, "assistant", {"thư ký, trợ lý", "assistant"}, kReads, false, true},
      {Role::archivist, "archivist", {"lưu trữ", "archivist"}, kReads, false, true},
      {Role::integrator,
       "integrator",
       {"cán bộ kết nối hệ thống", "integrator"},
       {systems_manage, webhooks_manage, traces_read, organisations_read, statistics_read},
       false,
       true},
      {Role::unit_admin,
       "unit_admin",
       {"quản trị đơn vị", "unit administrator"},
       {people_manage, systems_manage, webhooks_manage, organisations_read, statistics_read},
       false,
       true},
      // Sees where a document is, never what it says.
      {Role::operator_,
       "operator",
       {"quản trị hệ thống", "operator"},
       {platform_operate, anchors_manage, organisations_read, organisations_manage, systems_manage,
        people_manage, traces_read, statistics_read},
       true,
       false},
      {Role::auditor,
       "auditor",
       {"kiểm toán", "auditor"},
       {audit_read, traces_read, evidence_read, organisations_read, statistics_read},
       true,
       true},
      {Role::monitor,
       "monitor",
       {"đơn vị theo dõi", "monitor"},
       {statistics_read, organisations_read},
       true,
       true},
  }};
  return kTable;
}

const RoleRow& row_of(Role role) { return table()[static_cast<std::size_t>(role)]; }

}  // namespace

std::string_view name_of(Permission permission) {
  return kNames[static_cast<std::size_t>(permission)];
}

std::optional<Permission> permission_named(std::string_view name) {
  for (int i = 0; i < kPermissions; ++i) {
    if (kNames[static_cast<std::size_t>(i)] == name) return static_cast<Permission>(i);
  }
  return std::nullopt;
}

base::Result<Permissions> read_permissions(std::string_view text) {
  Permissions all;
  while (!(text = base::trim(text)).empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    const auto one = permission_named(word);
    if (!one) {
      const std::string shown(base::cut_utf8(word, 64));
      return base::Error(base::Code::invalid, "identity.permission_unknown",
                         "scope: there is no permission \"" + shown + "\"",
                         "scope: không có quyền \"" + shown + "\"");
    }
    all = all | Permissions{*one};
    text.remove_prefix(word.size());
  }
  return all;
}

std::string write_permissions(Permissions permissions) {
  std::string text;
  for (int i = 0; i < kPermissions; ++i) {
    const auto one = static_cast<Permission>(i);
    if (!permissions.has(one)) continue;
    if (!text.empty()) text += ' ';
    text += name_of(one);
  }
  return text;
}

std::string_view name_of(Role role) { return row_of(role).name; }
const base::Text& title_of(Role role) { return row_of(role).title; }
Permissions permissions_of(Role role) { return row_of(role).permissions; }
bool may_be_of_platform(Role role) { return row_of(role).platform; }
bool may_be_of_organisation(Role role) { return row_of(role).organisation; }

std::optional<Role> role_named(std::string_view name) {
  for (const RoleRow& row : table()) {
    if (row.name == name) return row.role;
  }
  return std::nullopt;
}

Permissions permissions_of_systems() {
  return kReads |
         Permissions{documents_send, documents_recall, deliveries_acknowledge, webhooks_manage};
}

Permissions delegable() {
  return kReads | Permissions{documents_send, documents_recall, deliveries_acknowledge};
}

}  // namespace identity
