// What commands that serve HTTP share.
#pragma once
#include <string_view>

#include "base/result.h"
#include "http/server.h"

namespace cli {

// HOST:PORT, with brackets around an IPv6 address; cli.bad_address.
base::Result<void> set_address(http::Server::Options& options, std::string_view listen);

}  // namespace cli
