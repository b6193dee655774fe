// All of the API: one file of rows for each resource, one line for each here.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "exchange/exchange.h"
#include "exchange/rest/route.h"

namespace exchange::rest {

struct ApiOptions {
  std::uint64_t document_bytes_max = 10ull << 30;
  std::string spool_directory = "/tmp";  // for attachments that are taken out of their file
};

// `exchange` outlives the rows.
std::vector<Route> api(Exchange& exchange, const ApiOptions& options);

}  // namespace exchange::rest
