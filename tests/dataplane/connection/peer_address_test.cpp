#include "dataplane/connection/peer_address.hpp"

#include <gtest/gtest.h>

#include <string_view>

#include "dataplane/listener/address.hpp"

namespace crier::dataplane {
namespace {

std::string text_of(std::string_view address) {
  return PeerAddress(parse_address(address)->storage).text();
}

TEST(PeerAddress, PrintsIpv4) {
  EXPECT_EQ(text_of("192.0.2.1:40000"), "192.0.2.1:40000");
  EXPECT_EQ(text_of("0.0.0.0:0"), "0.0.0.0:0");
}

TEST(PeerAddress, PrintsIpv6InBrackets) {
  EXPECT_EQ(text_of("[2001:db8::1]:40000"), "[2001:db8::1]:40000");
  EXPECT_EQ(text_of("[ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe]:65535"),
            "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe]:65535");
}

TEST(PeerAddress, AnIpv4ClientOfAnIpv6ListenerLooksLikeIpv4) {
  EXPECT_EQ(text_of("[::ffff:192.0.2.1]:40000"), "192.0.2.1:40000");
}

TEST(PeerAddress, NeedsTwentyBytes) {
  EXPECT_LE(sizeof(PeerAddress), 20U);
}

}  // namespace
}  // namespace crier::dataplane
