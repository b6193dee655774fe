// What the rows about people, systems and approvals share.
#pragma once
#include "exchange/exchange.h"
#include "exchange/rest/route.h"
#include "identity/identity.h"

namespace exchange::rest {

// In paths and bodies: the platform instead of an organisation.
inline constexpr std::string_view kPlatformCode = "platform";

// The organisation of that code, or the platform; identity.organisation_unknown. Whoever may not
// do `permission` there is told the same.
base::Result<OrganisationKey> place_named(const Exchange& exchange, const Call& call,
                                          std::string_view code, identity::Permission permission);
std::string code_of(const Exchange& exchange, OrganisationKey key);

// The system {system} of the path. identity.system_unknown, also for whoever does not manage it.
base::Result<ConnectedSystem> managed_system(const Exchange& exchange, identity::Identity& identity,
                                             const Call& call);
Parameter system_parameter();
const Refusal& unknown_system();
base::Error no_system(std::string_view id);

// A whole number in the path; rest.wrong_type otherwise is the face's.
Parameter number_parameter(std::string_view name, base::Text about);

// rest.platform_only (forbidden) unless the caller may do that for the platform itself.
base::Result<void> require_platform(const Call& call, identity::Permission permission);
const Refusal& platform_only();
const Refusal& nobody_there();  // identity.organisation_unknown
const Refusal& own_rights();
const Refusal& documents_post();

// Somebody else's is as if it were not there: identity.not_permitted becomes `unknown`.
template <class T>
base::Result<T> hidden(base::Result<T> result, base::Error unknown) {
  if (!result && result.error().reason() == "identity.not_permitted") return unknown;
  return result;
}

// The number of a person, a post and the like.
Schema key_schema(base::Text about);
// {"items": […]} with all of them.
Schema whole_list_of(std::string_view name, Schema item);
http::Response whole_list(base::Json all);

// 204 without a body.
http::Response nothing();

}  // namespace exchange::rest
