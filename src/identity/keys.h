// The numbers by which those who take part are kept.
#pragma once
#include <cstdint>

namespace identity {

using OrganisationKey = std::int64_t;
using SystemKey = std::int64_t;  // 0: no system
using PersonKey = std::int64_t;  // 0: no person
using PostKey = std::int64_t;
using CredentialKey = std::int64_t;  // of a system

// Where the posts of those who run the platform are; no organisation has this key.
inline constexpr OrganisationKey kPlatform = 0;

}  // namespace identity
