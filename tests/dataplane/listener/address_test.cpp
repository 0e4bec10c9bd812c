#include "dataplane/listener/address.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>

#include <string>

#include "dataplane/connection/peer_address.hpp"

namespace crier::dataplane {
namespace {

using namespace std::string_literals;

std::string round_trip(std::string_view text) {
  const auto address = parse_address(text);
  return address ? PeerAddress(address->storage).text() : "refused";
}

TEST(ParseAddress, TakesNumericHostAndPort) {
  EXPECT_EQ(round_trip("0.0.0.0:8082"), "0.0.0.0:8082");
  EXPECT_EQ(round_trip("127.0.0.1:0"), "127.0.0.1:0");
  EXPECT_EQ(round_trip("255.255.255.255:65535"), "255.255.255.255:65535");
}

TEST(ParseAddress, TakesIpv6InBrackets) {
  EXPECT_EQ(round_trip("[::]:8082"), "[::]:8082");
  EXPECT_EQ(round_trip("[::1]:1"), "[::1]:1");
  EXPECT_EQ(round_trip("[2001:DB8:0:0::1]:65535"), "[2001:db8::1]:65535");
}

TEST(ParseAddress, SizeAndFamilyFitTheKind) {
  const auto v4 = parse_address("127.0.0.1:80");
  const auto v6 = parse_address("[::1]:80");
  ASSERT_TRUE(v4 && v6);
  EXPECT_EQ(v4->storage.ss_family, AF_INET);
  EXPECT_EQ(v4->size, sizeof(sockaddr_in));
  EXPECT_EQ(v6->storage.ss_family, AF_INET6);
  EXPECT_EQ(v6->size, sizeof(sockaddr_in6));
}

TEST(ParseAddress, RefusesWhatIsNeither) {
  for (const char* text : {"",
                           ":",
                           ":80",
                           "127.0.0.1",
                           "127.0.0.1:",
                           "127.0.0.1:x",
                           "127.0.0.1:-1",
                           "127.0.0.1:+1",
                           "127.0.0.1:65536",
                           "127.0.0.1:99999999999",
                           "127.0.0.1: 80",
                           "127.0.0.1:80 ",
                           " 127.0.0.1:80",
                           "127.0.0.1:0x50",
                           "127.0.0:80",
                           "127.0.0.1.1:80",
                           "256.0.0.1:80",
                           "localhost:80",
                           "*:80",
                           "::1:80",
                           "[::1]",
                           "[::1]80",
                           "[]:80",
                           "[:80",
                           "]:80",
                           "[::1:80",
                           "::1]:80",
                           "[127.0.0.1]:80",
                           "[::1%lo]:80",
                           "[[::1]]:80",
                           "[g::]:80",
                           "127.0.0.1:80:80"}) {
    EXPECT_FALSE(parse_address(text)) << text;
  }
}

TEST(ParseAddress, RefusesANulByte) {
  EXPECT_FALSE(parse_address("127.0.0.1\0x:80"s));
  EXPECT_FALSE(parse_address("[::1\0x]:80"s));
  EXPECT_FALSE(parse_address("127.0.0.1:80\0"s));
}

}  // namespace
}  // namespace crier::dataplane
