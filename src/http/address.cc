#include "http/address.h"

#include <ifaddrs.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <memory>

namespace http {
namespace {

struct Range {
  std::uint32_t from;
  int bits;
};
constexpr Range kNotPublic[] = {
    {0x00000000, 8},   // 0.0.0.0: this network
    {0x0a000000, 8},   // 10.0.0.0: private
    {0x64400000, 10},  // 100.64.0.0: between a provider and its customers
    {0x7f000000, 8},   // 127.0.0.0: this machine
    {0xa9fe0000, 16},  // 169.254.0.0: this link, and what clouds tell their machines
    {0xac100000, 12},  // 172.16.0.0: private
    {0xc0000000, 24},  // 192.0.0.0: assigned by protocols
    {0xc0a80000, 16},  // 192.168.0.0: private
    {0xc6120000, 15},  // 198.18.0.0: measurements
    {0xe0000000, 3},   // 224.0.0.0 and all above: groups, reserved, everybody
};

bool is_public(std::uint32_t ipv4) {
  return std::none_of(std::begin(kNotPublic), std::end(kNotPublic), [ipv4](const Range& range) {
    return (ipv4 ^ range.from) >> (32 - range.bits) == 0;
  });
}

using Ipv6 = std::array<std::uint8_t, 16>;

std::uint32_t ipv4_at(const Ipv6& a, std::size_t at) {
  return static_cast<std::uint32_t>(a[at]) << 24 | static_cast<std::uint32_t>(a[at + 1]) << 16 |
         static_cast<std::uint32_t>(a[at + 2]) << 8 | a[at + 3];
}

bool starts_with(const Ipv6& a, std::initializer_list<std::uint8_t> first) {
  return std::equal(first.begin(), first.end(), a.begin());
}

bool is_public(const Ipv6& a) {
  constexpr std::uint8_t o = 0;
  if (starts_with(a, {o, o, o, o, o, o, o, o, o, o, 0xff, 0xff}) ||     // ::ffff:a.b.c.d
      starts_with(a, {o, 0x64, 0xff, 0x9b, o, o, o, o, o, o, o, o})) {  // 64:ff9b::, RFC 6052
    return is_public(ipv4_at(a, 12));
  }
  if (starts_with(a, {0x20, 0x02})) return is_public(ipv4_at(a, 2));  // 2002::, RFC 3056
  // Global unicast is 2000::/3 (RFC 4291 §2.4); 2001:0::/32 tunnels IPv4 in a form that hides it.
  return (a[0] & 0xe0) == 0x20 && !starts_with(a, {0x20, 0x01, o, o});
}

struct FreeAddresses {
  void operator()(addrinfo* p) const { freeaddrinfo(p); }
};

std::unique_ptr<addrinfo, FreeAddresses> find(const std::string& host, int flags) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return nullptr;
  return std::unique_ptr<addrinfo, FreeAddresses>(found);
}

}  // namespace

bool is_public(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in ipv4;
    std::memcpy(&ipv4, &address, sizeof ipv4);
    return is_public(ntohl(ipv4.sin_addr.s_addr));
  }
  if (address.sa_family != AF_INET6) return false;
  sockaddr_in6 ipv6;
  std::memcpy(&ipv6, &address, sizeof ipv6);
  Ipv6 bytes;
  std::memcpy(bytes.data(), &ipv6.sin6_addr, bytes.size());
  return is_public(bytes);
}

bool is_own(const sockaddr& address) {
  ifaddrs* first = nullptr;
  if (getifaddrs(&first) != 0) return false;
  const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> all(first, &freeifaddrs);
  for (const ifaddrs* one = first; one != nullptr; one = one->ifa_next) {
    if (one->ifa_addr == nullptr || one->ifa_addr->sa_family != address.sa_family) continue;
    if (address.sa_family == AF_INET) {
      const auto& a = reinterpret_cast<const sockaddr_in&>(address);
      const auto* b = reinterpret_cast<const sockaddr_in*>(one->ifa_addr);
      if (a.sin_addr.s_addr == b->sin_addr.s_addr) return true;
    } else if (address.sa_family == AF_INET6) {
      const auto& a = reinterpret_cast<const sockaddr_in6&>(address);
      const auto* b = reinterpret_cast<const sockaddr_in6*>(one->ifa_addr);
      if (std::memcmp(&a.sin6_addr, &b->sin6_addr, sizeof a.sin6_addr) == 0) return true;
    }
  }
  return false;
}

bool is_public(std::string_view literal) {
  const auto found = find(std::string(literal), AI_NUMERICHOST);
  return found != nullptr && is_public(*found->ai_addr);
}

base::Result<std::vector<std::string>> addresses_of(const std::string& host) {
  std::vector<std::string> addresses;
  const auto found = find(host, 0);
  for (const addrinfo* a = found.get(); a != nullptr; a = a->ai_next) {
    std::array<char, NI_MAXHOST> text{};
    if (getnameinfo(a->ai_addr, a->ai_addrlen, text.data(), text.size(), nullptr, 0,
                    NI_NUMERICHOST) == 0) {
      addresses.emplace_back(text.data());
    }
  }
  if (!addresses.empty()) return addresses;
  return base::Error(base::Code::unavailable, "http.name_unknown",
                     "No address is known for " + host + ".",
                     "Không tìm được địa chỉ mạng của " + host + ".");
}

}  // namespace http
