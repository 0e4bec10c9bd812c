#include "dataplane/listener/address_counts.hpp"

#include <gtest/gtest.h>

#include <string_view>

#include "dataplane/listener/address.hpp"

namespace crier::dataplane {
namespace {

PeerAddress peer(std::string_view address) {
  return PeerAddress(parse_address(address)->storage);
}

TEST(AddressCounts, AnAddressHasAtMostSoManyClients) {
  AddressCounts counts(2);
  EXPECT_TRUE(counts.enter(peer("192.0.2.1:1")));
  EXPECT_TRUE(counts.enter(peer("192.0.2.1:2")));
  EXPECT_FALSE(counts.enter(peer("192.0.2.1:3")));
  EXPECT_TRUE(counts.enter(peer("192.0.2.2:3"))) << "others have their own";
  counts.leave(peer("192.0.2.1:2"));
  EXPECT_TRUE(counts.enter(peer("192.0.2.1:3")));
  EXPECT_FALSE(counts.enter(peer("192.0.2.1:4")));
}

TEST(AddressCounts, AnIpv6NetworkOf64BitsIsOneAddress) {
  AddressCounts counts(1);
  EXPECT_TRUE(counts.enter(peer("[2001:db8:0:1::1]:1")));
  EXPECT_FALSE(counts.enter(peer("[2001:db8:0:1:ffff:ffff:ffff:ffff]:1")));
  EXPECT_TRUE(counts.enter(peer("[2001:db8:0:2::1]:1")));
  counts.leave(peer("[2001:db8:0:1::1]:1"));
  EXPECT_TRUE(counts.enter(peer("[2001:db8:0:1::2]:1")));
}

TEST(AddressCounts, AnIpv4ClientOfAnIpv6ListenerCountsAsIpv4) {
  AddressCounts counts(1);
  EXPECT_TRUE(counts.enter(peer("192.0.2.1:1")));
  EXPECT_FALSE(counts.enter(peer("[::ffff:192.0.2.1]:1")));
  EXPECT_TRUE(counts.enter(peer("[::ffff:192.0.2.2]:1"))) << "not the network that both are in";
  EXPECT_TRUE(counts.enter(peer("[::1]:1")));
}

TEST(AddressCounts, HoldsOnlyAddressesWithClients) {
  AddressCounts counts(1);
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(counts.enter(peer("192.0.2.1:1")));
    EXPECT_FALSE(counts.enter(peer("192.0.2.1:2")));
    EXPECT_TRUE(counts.enter(peer("[2001:db8::1]:1")));
    EXPECT_EQ(counts.size(), 2U);
    counts.leave(peer("192.0.2.1:1"));
    counts.leave(peer("[2001:db8::1]:1"));
    EXPECT_EQ(counts.size(), 0U);
  }
}

TEST(AddressCounts, WithoutABoundNothingIsCounted) {
  AddressCounts counts(0);
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(counts.enter(peer("192.0.2.1:1")));
  EXPECT_EQ(counts.size(), 0U);
  counts.leave(peer("192.0.2.1:1"));
}

}  // namespace
}  // namespace crier::dataplane
