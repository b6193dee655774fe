// The numbers by which those who take part are kept.
#pragma once
#include <cstdint>

namespace identity {

using OrganisationKey = std::int64_t;
using SystemKey = std::int64_t;  // 0: no system

}  // namespace identity
