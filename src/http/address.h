// Where on the network an address is.
#pragma once

struct sockaddr;

namespace http {

// Whether it can be that of a machine anywhere on the Internet: not this machine's own, not of a
// private network, a link, or a group (RFC 6890). IPv6 addresses that carry an IPv4 one are judged
// by that. False for other families.
bool is_public(const sockaddr& address);

// Whether one of this machine's network interfaces has the address at present.
bool is_own(const sockaddr& address);

}  // namespace http
