#include "dataplane/proxy/header.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "tests/dataplane/proxy/headers.hpp"

namespace crier::dataplane {
namespace {

using testing::ipv4_addresses;
using testing::ipv6_addresses;
using testing::kProxySignature;
using testing::proxy_v2;
using Status = ProxyHeader::Status;

constexpr std::uint8_t kLocal = 0x20;
constexpr std::uint8_t kProxy = 0x21;
constexpr std::uint8_t kTcp4 = 0x11;
constexpr std::uint8_t kTcp6 = 0x21;

Status status_of(std::string_view input) {
  return parse_proxy_header(input).status;
}

// The source, "none", or what is wrong.
std::string source_of(std::string_view input) {
  const ProxyHeader header = parse_proxy_header(input);
  if (header.status == Status::kMalformed) return "malformed";
  if (header.status == Status::kNeedMore) return "incomplete";
  return header.source ? header.source->text() : "none";
}

std::string line(std::string_view rest) {
  return "PROXY " + std::string(rest) + "\r\n";
}

const std::vector<std::string>& sound_headers() {
  static const std::vector<std::string> headers{
      line("TCP4 192.0.2.1 198.51.100.2 40000 8082"),
      line("TCP6 2001:db8::1 2001:db8::2 40000 8082"),
      line("UNKNOWN"),
      line("UNKNOWN ffff:: ffff:: 65535 65535"),
      proxy_v2(kProxy, kTcp4, ipv4_addresses()),
      proxy_v2(kProxy, kTcp6, ipv6_addresses()),
      proxy_v2(kProxy, kTcp4, ipv4_addresses() + std::string("\x04\x00\x01x", 4)),
      proxy_v2(kProxy, 0x31, std::string(216, 'u')),
      proxy_v2(kLocal, 0x00, ""),
      proxy_v2(kLocal, kTcp4, ipv4_addresses()),
  };
  return headers;
}

TEST(ProxyHeader, ALineNamesTheClient) {
  EXPECT_EQ(source_of(line("TCP4 192.0.2.1 198.51.100.2 40000 8082")), "192.0.2.1:40000");
  EXPECT_EQ(source_of(line("TCP6 2001:db8::1 2001:db8::2 40000 8082")), "[2001:db8::1]:40000");
  EXPECT_EQ(source_of(line("TCP4 0.0.0.0 255.255.255.255 0 65535")), "0.0.0.0:0");
}

TEST(ProxyHeader, ABinaryHeaderNamesTheClient) {
  EXPECT_EQ(source_of(proxy_v2(kProxy, kTcp4, ipv4_addresses())), "192.0.2.1:40000");
  EXPECT_EQ(source_of(proxy_v2(kProxy, kTcp6, ipv6_addresses())), "[2001:db8::1]:40000");
}

TEST(ProxyHeader, WhatIsNoTcpAddressLeavesTheSocketsOwn) {
  EXPECT_EQ(source_of(line("UNKNOWN")), "none");
  EXPECT_EQ(source_of(line("UNKNOWN whatever \x01 it says")), "none");
  EXPECT_EQ(source_of(proxy_v2(kLocal, 0x00, "")), "none");
  EXPECT_EQ(source_of(proxy_v2(kLocal, kTcp4, ipv4_addresses())), "none");
  EXPECT_EQ(source_of(proxy_v2(kLocal, 0xFF, "")), "none") << "the family means nothing here";
  EXPECT_EQ(source_of(proxy_v2(kProxy, 0x00, "")), "none");
  EXPECT_EQ(source_of(proxy_v2(kProxy, 0x00, "more")), "none");
  EXPECT_EQ(source_of(proxy_v2(kProxy, 0x31, std::string(216, 'u'))), "none");
  EXPECT_EQ(source_of(proxy_v2(kProxy, 0x12, ipv4_addresses())), "none") << "datagrams";
}

TEST(ProxyHeader, EndsWhereItSaysWhateverFollows) {
  for (const std::string& header : sound_headers()) {
    for (const std::string_view more : {"", "a", "\r\n", "PROXY UNKNOWN\r\n"}) {
      const ProxyHeader parsed = parse_proxy_header(header + std::string(more));
      EXPECT_EQ(parsed.status, Status::kComplete);
      EXPECT_EQ(parsed.bytes, header.size());
    }
  }
}

TEST(ProxyHeader, NeedsItsLastByte) {
  for (const std::string& header : sound_headers()) {
    for (std::size_t bytes = 0; bytes < header.size(); ++bytes) {
      EXPECT_EQ(status_of(std::string_view(header).substr(0, bytes)), Status::kNeedMore)
          << bytes << " of " << header.size();
    }
  }
}

TEST(ProxyHeader, ASignatureIsWrongFromItsFirstWrongByteOn) {
  for (const std::string_view start : {std::string_view("PROXY "), kProxySignature}) {
    for (std::size_t at = 0; at < start.size(); ++at) {
      std::string wrong(start.substr(0, at + 1));
      wrong[at] ^= 0x20;
      EXPECT_EQ(status_of(wrong), Status::kMalformed) << at;
    }
  }
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\n"), Status::kMalformed);
}

TEST(ProxyHeader, ALineHasAtMost107Bytes) {
  const auto of_size = [](std::size_t bytes) {
    const std::string start = "PROXY UNKNOWN ";
    return start + std::string(bytes - start.size() - 2, 'x') + "\r\n";
  };
  EXPECT_EQ(status_of(of_size(106)), Status::kComplete);
  EXPECT_EQ(status_of(of_size(107)), Status::kComplete);
  EXPECT_EQ(status_of(of_size(108)), Status::kMalformed);
  EXPECT_EQ(status_of(of_size(108).substr(0, 106)), Status::kNeedMore);
  EXPECT_EQ(status_of(of_size(108).substr(0, 107)), Status::kMalformed) << "no end within it";
}

TEST(ProxyHeader, ALineIsTakenLiterally) {
  for (const std::string_view rest : {
           "",
           "TCP4",
           "TCP5 192.0.2.1 198.51.100.2 40000 8082",
           "tcp4 192.0.2.1 198.51.100.2 40000 8082",
           " TCP4 192.0.2.1 198.51.100.2 40000 8082",
           "TCP4  192.0.2.1 198.51.100.2 40000 8082",
           "TCP4 192.0.2.1 198.51.100.2 40000 8082 ",
           "TCP4 192.0.2.1 198.51.100.2 40000",
           "TCP4 192.0.2.1 198.51.100.2 40000 8082 1",
           "TCP4 192.0.2.256 198.51.100.2 40000 8082",
           "TCP4 192.0.2.01 198.51.100.2 40000 8082",
           "TCP4 192.0.2.1 198.51.100 40000 8082",
           "TCP4 2001:db8::1 2001:db8::2 40000 8082",
           "TCP4 192.0.2.1 198.51.100.2 65536 8082",
           "TCP4 192.0.2.1 198.51.100.2 040 8082",
           "TCP4 192.0.2.1 198.51.100.2 -1 8082",
           "TCP4 192.0.2.1 198.51.100.2 +1 8082",
           "TCP4 192.0.2.1 198.51.100.2 0x1 8082",
           "TCP4 192.0.2.1 198.51.100.2 40000 ",
           "TCP6 192.0.2.1 198.51.100.2 40000 8082",
           "TCP6 2001:db8::1%eth0 2001:db8::2 40000 8082",
           "TCP6 [2001:db8::1] 2001:db8::2 40000 8082",
       }) {
    EXPECT_EQ(source_of(line(rest)), "malformed") << rest;
  }
  EXPECT_EQ(source_of(line(std::string_view("TCP4 192.0.2.1\0 198.51.100.2 1 2", 32))),
            "malformed");
  EXPECT_EQ(source_of("PROXY UNKNOWN\n"), "malformed") << "LF alone";
}

TEST(ProxyHeader, ABinaryHeaderClaimsAtMost536Bytes) {
  const auto of_size = [](std::size_t bytes) {
    return proxy_v2(kProxy, kTcp4, ipv4_addresses() + std::string(bytes - 16 - 12, 't'));
  };
  EXPECT_EQ(source_of(of_size(535)), "192.0.2.1:40000");
  EXPECT_EQ(source_of(of_size(536)), "192.0.2.1:40000");
  EXPECT_EQ(source_of(of_size(537)), "malformed");
  EXPECT_EQ(source_of(of_size(537).substr(0, 16)), "malformed") << "nothing is waited for";
  EXPECT_EQ(source_of(proxy_v2(kLocal, 0, "", 0xFFFF)), "malformed");
}

TEST(ProxyHeader, ABinaryHeaderHoldsItsAddresses) {
  const struct {
    std::uint8_t family;
    int bytes;
  } families[] = {{0x11, 12}, {0x12, 12}, {0x21, 36}, {0x22, 36}, {0x31, 216}, {0x32, 216}};
  for (const auto& [family, bytes] : families) {
    EXPECT_EQ(status_of(proxy_v2(kProxy, family, "", bytes)), Status::kNeedMore) << int{family};
    EXPECT_EQ(status_of(proxy_v2(kProxy, family, "", bytes - 1)), Status::kMalformed);
    EXPECT_EQ(status_of(proxy_v2(kProxy, family, "", 0)), Status::kMalformed);
  }
}

TEST(ProxyHeader, CommandsAndFamiliesAreThoseThatExist) {
  for (int byte = 0; byte < 256; ++byte) {
    const auto command = static_cast<std::uint8_t>(byte);
    const bool known = command == kLocal || command == kProxy;
    EXPECT_EQ(status_of(proxy_v2(command, 0x00, "")),
              known ? Status::kComplete : Status::kMalformed)
        << byte;
    const bool possible = byte >> 4 <= 3 && (byte & 15) <= 2;
    EXPECT_EQ(status_of(proxy_v2(kProxy, static_cast<std::uint8_t>(byte), std::string(216, 'a'))),
              possible ? Status::kComplete : Status::kMalformed)
        << byte;
  }
}

}  // namespace
}  // namespace crier::dataplane
