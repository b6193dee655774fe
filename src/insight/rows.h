// The calls of the API that show figures; composed with the others where the server is made.
#pragma once
#include <vector>

#include "exchange/rest/route.h"
#include "insight/rollup.h"

namespace insight {

// `rollup` outlives the rows.
std::vector<exchange::rest::Route> rows(Rollup& rollup);

}  // namespace insight
