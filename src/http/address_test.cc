#include "http/address.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "http/client.h"
#include "http/testing/wire.h"

namespace http {
namespace {

bool public_address(const char* text) {
  sockaddr_in ipv4{};
  ipv4.sin_family = AF_INET;
  if (inet_pton(AF_INET, text, &ipv4.sin_addr) == 1) {
    return is_public(reinterpret_cast<const sockaddr&>(ipv4));
  }
  sockaddr_in6 ipv6{};
  ipv6.sin6_family = AF_INET6;
  EXPECT_EQ(inet_pton(AF_INET6, text, &ipv6.sin6_addr), 1) << text;
  return is_public(reinterpret_cast<const sockaddr&>(ipv6));
}

TEST(Address, IsPublicOrNot) {
  for (const char* one :
       {"1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.1.1.1",
        "128.0.0.1", "169.253.1.1", "172.15.0.1", "172.32.0.1", "192.167.1.1", "192.169.0.1",
        "223.255.255.255", "2001:db9::1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101",
        "2002:101:101::1"}) {
    EXPECT_TRUE(public_address(one)) << one;
  }
  for (const char* one : {"0.0.0.0",
                          "10.0.0.1",
                          "10.255.255.255",
                          "100.64.0.1",
                          "127.0.0.1",
                          "127.255.255.254",
                          "169.254.169.254",
                          "172.16.0.1",
                          "172.31.255.255",
                          "192.0.0.1",
                          "192.168.0.1",
                          "198.18.0.1",
                          "224.0.0.1",
                          "240.0.0.1",
                          "255.255.255.255",
                          "::",
                          "::1",
                          "::7f00:1",
                          "fc00::1",
                          "fd12::1",
                          "fe80::1",
                          "ff02::1",
                          "::ffff:127.0.0.1",
                          "::ffff:10.0.0.1",
                          "64:ff9b::7f00:1",
                          "2002:7f00:1::1",
                          "2001:0:4136:e378:8000:63bf:3fff:fdd2"}) {
    EXPECT_FALSE(public_address(one)) << one;
  }
}

TEST(Address, KnowsItsOwn) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
  EXPECT_TRUE(is_own(reinterpret_cast<const sockaddr&>(address)));
  inet_pton(AF_INET, "192.0.2.77", &address.sin_addr);  // for documents: nobody has it
  EXPECT_FALSE(is_own(reinterpret_cast<const sockaddr&>(address)));
}

TEST(Address, AClientForPublicOnesAsksNobodyElse) {
  int asked = 0;
  const testing::RunningServer server{{{Method::get, "/x", Permission::open, 0,
                                        [&asked](Request&) {
                                          ++asked;
                                          return Response::text(200, "text/plain", "x");
                                        },
                                        "test"}}};
  for (const char* host : {"127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433"}) {
    for (const bool guarded : {true, false}) {
      Client::Options options;
      options.url =
          Url::parse("http://" + std::string(host) + ":" + std::to_string(server.port)).value();
      options.public_only = guarded;
      Client::Exchange what;
      what.path = "/x";
      const auto answer = Client::create(std::move(options))->exchange(what);
      if (guarded) {
        ASSERT_FALSE(answer.ok()) << host;
        EXPECT_EQ(answer.error().reason(), "http.address_refused") << host;
      }
    }
  }
  EXPECT_GE(asked, 2) << "without the guard they lead here";
}

}  // namespace
}  // namespace http
