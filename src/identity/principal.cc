#include "identity/principal.h"

namespace identity {

Principal console() {
  using enum Permission;
  Principal made;
  made.kind = Principal::Kind::console;
  made.id = "console";
  made.assurance = Assurance::single;
  made.grants = {
      {{webhooks_manage, systems_manage, people_manage, organisations_read, organisations_manage,
        platform_operate, anchors_manage, audit_read, statistics_read},
       {kPlatform},
       false},
      // The people of an organisation are its own administrators' (People::require_manager_of).
      {{traces_read, webhooks_manage, systems_manage, organisations_read, organisations_manage,
        statistics_read},
       {},
       true},
  };
  return made;
}

Reach reach(const Principal& principal, Permission permission) {
  Reach all;
  for (const Grant& grant : principal.grants) {
    if (!grant.permissions.has(permission)) continue;
    all.everywhere = all.everywhere || grant.everywhere;
    all.organisations.insert(all.organisations.end(), grant.organisations.begin(),
                             grant.organisations.end());
  }
  std::sort(all.organisations.begin(), all.organisations.end());
  all.organisations.erase(std::unique(all.organisations.begin(), all.organisations.end()),
                          all.organisations.end());
  return all;
}

bool may(const Principal& principal, Permission permission, OrganisationKey organisation) {
  return std::any_of(principal.grants.begin(), principal.grants.end(), [&](const Grant& grant) {
    if (!grant.permissions.has(permission)) return false;
    return (grant.everywhere && organisation != kPlatform) ||
           std::binary_search(grant.organisations.begin(), grant.organisations.end(), organisation);
  });
}

bool may(const Principal& principal, Permission permission) {
  return std::any_of(principal.grants.begin(), principal.grants.end(), [&](const Grant& grant) {
    return grant.permissions.has(permission) && (grant.everywhere || !grant.organisations.empty());
  });
}

base::Result<void> require(const Principal& principal, Permission permission,
                           OrganisationKey organisation) {
  if (may(principal, permission, organisation)) return base::done();
  const std::string name(name_of(permission));
  return base::Error(base::Code::forbidden, "identity.not_permitted",
                     "this needs the permission " + name + "; ask the administrator of the unit",
                     "việc này cần quyền " + name + "; hãy liên hệ quản trị đơn vị");
}

base::Result<void> require_verified(const Principal& principal, base::Time now,
                                    base::Duration within) {
  if (principal.kind == Principal::Kind::person &&
      principal.assurance == Assurance::user_verified && principal.verified_at &&
      *principal.verified_at <= now && now - *principal.verified_at <= within) {
    return base::done();
  }
  return base::Error(base::Code::forbidden, "identity.verify_again",
                     "this needs your passkey once more: verify yourself, then repeat it",
                     "việc này cần xác thực lại bằng khóa đăng nhập; hãy xác thực rồi làm lại");
}

}  // namespace identity
