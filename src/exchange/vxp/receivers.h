// The parameter `to` of sendEdoc.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace exchange::vxp {

// A JSON array, a JSON string, or bare codes with commas (vxp-protocol.md §3.1). Anything else
// names nobody; elements that are no text are passed over.
std::vector<std::string> receivers_of(std::string_view parameter);

}  // namespace exchange::vxp
