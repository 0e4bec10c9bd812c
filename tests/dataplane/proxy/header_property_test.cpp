// Headers changed at random, and what must hold of any bytes at all.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "dataplane/proxy/header.hpp"
#include "tests/dataplane/proxy/headers.hpp"

namespace crier::dataplane {
namespace {

using testing::ipv4_addresses;
using testing::ipv6_addresses;
using testing::proxy_v2;
using Status = ProxyHeader::Status;

std::string any_header() {
  const auto extension = std::string(*rc::gen::inRange<std::size_t>(0, 40), '\x04');
  return *rc::gen::element<std::string>(
      "PROXY TCP4 192.0.2.1 198.51.100.2 40000 8082\r\n",
      "PROXY TCP6 2001:db8::1 2001:db8::2 40000 8082\r\n", "PROXY UNKNOWN\r\n",
      proxy_v2(0x21, 0x11, ipv4_addresses() + extension),
      proxy_v2(0x21, 0x21, ipv6_addresses() + extension), proxy_v2(0x20, 0x00, extension));
}

void mutate(std::string& text) {
  const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
  const char byte = *rc::gen::oneOf(rc::gen::arbitrary<char>(),
                                    rc::gen::element('\r', '\n', '\0', ' ', '.', ':', '0', '9'));
  switch (*rc::gen::inRange(0, 3)) {
    case 0:
      text[at] = byte;
      break;
    case 1:
      text.insert(at, 1, byte);
      break;
    default:
      text.erase(at, 1);
  }
}

// However bytes come, each prefix says "more" until one says what all longer ones say.
RC_GTEST_PROP(ProxyHeaderProperty, EverySplitGivesTheSameAnswer, ()) {
  std::string input = any_header();
  const int mutations = *rc::gen::inRange(0, 4);
  for (int i = 0; i < mutations && !input.empty(); ++i) mutate(input);
  input += *rc::gen::arbitrary<std::string>();

  const ProxyHeader whole = parse_proxy_header(input);
  bool decided = false;
  for (std::size_t bytes = 0; bytes <= input.size(); ++bytes) {
    const ProxyHeader part = parse_proxy_header(std::string_view(input).substr(0, bytes));
    if (part.status == Status::kNeedMore) {
      RC_ASSERT(!decided);
      continue;
    }
    decided = true;
    RC_ASSERT(part.status == whole.status);
    RC_ASSERT(part.source == whole.source);
    RC_ASSERT(part.bytes == whole.bytes);
    RC_ASSERT(part.bytes <= bytes);
  }
}

RC_GTEST_PROP(ProxyHeaderProperty, WhatIsNotMalformedIsBounded, ()) {
  std::string input = any_header();
  mutate(input);
  input.resize(kProxyHeaderBytesMax, *rc::gen::arbitrary<char>());
  const ProxyHeader header = parse_proxy_header(input);
  RC_ASSERT(header.status != Status::kNeedMore);
  RC_ASSERT(header.bytes <= kProxyHeaderBytesMax);
}

}  // namespace
}  // namespace crier::dataplane
