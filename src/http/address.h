// Where on the network an address is.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

struct sockaddr;

namespace http {

// Whether it can be that of a machine anywhere on the Internet: not this machine's own, not of a
// private network, a link, or a group (RFC 6890). IPv6 addresses that carry an IPv4 one are judged
// by that. False for other families.
bool is_public(const sockaddr& address);
bool is_public(std::string_view literal);  // false for what is no address

// The addresses that a name leads to now, or the literal address itself, in the resolver's order;
// at least one. Blocks as long as the resolver does. What is asked later may lead elsewhere: judge
// these and connect to one of them (Client::Options::address). Error: http.name_unknown.
base::Result<std::vector<std::string>> addresses_of(const std::string& host);

// Whether one of this machine's network interfaces has the address at present.
bool is_own(const sockaddr& address);

}  // namespace http
