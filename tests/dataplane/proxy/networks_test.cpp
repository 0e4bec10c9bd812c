#include "dataplane/proxy/networks.hpp"

#include <gtest/gtest.h>

#include <string_view>

#include "dataplane/listener/address.hpp"

namespace crier::dataplane {
namespace {

bool contains(std::string_view networks, std::string_view address) {
  return Networks::parse(networks).value().contains(PeerAddress(parse_address(address)->storage));
}

TEST(Networks, ContainWhatBeginsAlike) {
  EXPECT_TRUE(contains("10.1.0.0/16", "10.1.0.0:1"));
  EXPECT_TRUE(contains("10.1.0.0/16", "10.1.255.255:1"));
  EXPECT_FALSE(contains("10.1.0.0/16", "10.2.0.0:1"));
  EXPECT_FALSE(contains("10.1.0.0/16", "10.0.255.255:1"));
  EXPECT_TRUE(contains("192.0.2.128/25", "192.0.2.128:1"));
  EXPECT_FALSE(contains("192.0.2.128/25", "192.0.2.127:1"));
  EXPECT_TRUE(contains("2001:db8::/33", "[2001:db8:7fff::1]:1"));
  EXPECT_FALSE(contains("2001:db8::/33", "[2001:db8:8000::1]:1"));
}

TEST(Networks, AnAddressAloneIsANetwork) {
  EXPECT_TRUE(contains("192.0.2.1", "192.0.2.1:1"));
  EXPECT_FALSE(contains("192.0.2.1", "192.0.2.2:1"));
  EXPECT_TRUE(contains("::1", "[::1]:1"));
  EXPECT_FALSE(contains("::1", "[::2]:1"));
}

TEST(Networks, TheWidestKeepToTheirFamily) {
  EXPECT_TRUE(contains("0.0.0.0/0", "255.255.255.255:1"));
  EXPECT_TRUE(contains("::/0", "[ffff::]:1"));
  EXPECT_FALSE(contains("0.0.0.0/0", "[2001:db8::1]:1"));
  EXPECT_FALSE(contains("::/0", "192.0.2.1:1"));
}

TEST(Networks, AnIpv4ClientOfAnIpv6ListenerIsIpv4) {
  EXPECT_TRUE(contains("192.0.2.0/24", "[::ffff:192.0.2.1]:1"));
  EXPECT_FALSE(contains("::/0", "[::ffff:192.0.2.1]:1"));
}

TEST(Networks, AreAList) {
  constexpr std::string_view kList = "10.0.0.0/8,192.0.2.1,2001:db8::/32";
  EXPECT_TRUE(contains(kList, "10.1.2.3:1"));
  EXPECT_TRUE(contains(kList, "192.0.2.1:1"));
  EXPECT_TRUE(contains(kList, "[2001:db8::9]:1"));
  EXPECT_FALSE(contains(kList, "192.0.2.2:1"));
}

TEST(Networks, NoneContainNothing) {
  EXPECT_TRUE(Networks::parse("")->empty());
  EXPECT_FALSE(contains("", "192.0.2.1:1"));
}

TEST(Networks, AMistakeIsRefused) {
  for (const std::string_view text :
       {"10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/08", "10.0.0.0/-1", "10.0.0.0/8 ",
        "10.0.0.1/8", "2001:db8::1/64", "10.0.0/8", "localhost", "10.0.0.0/8/8", ",", "10.0.0.1,",
        ",10.0.0.1", "10.0.0.1,,10.0.0.2", "::ffff:10.0.0.0/104", "[::1]", "/8"}) {
    EXPECT_FALSE(Networks::parse(text)) << text;
  }
  EXPECT_FALSE(Networks::parse(std::string_view("10.0.0.1\0", 9)));
}

}  // namespace
}  // namespace crier::dataplane
