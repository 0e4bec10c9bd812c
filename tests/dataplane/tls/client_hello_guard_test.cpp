#include "dataplane/tls/client_hello_guard.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

namespace crier::dataplane {
namespace {

std::string record(unsigned char type, const std::string& content) {
  return {static_cast<char>(type), 3, 1, static_cast<char>(content.size() >> 8U),
          static_cast<char>(content.size() & 0xFFU)};
}

std::string message(unsigned char type, std::size_t claimed, std::size_t there) {
  return std::string{static_cast<char>(type), static_cast<char>(claimed >> 16U),
                     static_cast<char>(claimed >> 8U & 0xFFU), static_cast<char>(claimed & 0xFFU)} +
         std::string(there, 'x');
}

std::string in_record(unsigned char type, const std::string& content) {
  return record(type, content) + content;
}

constexpr unsigned char kHandshake = 22;
constexpr unsigned char kHello = 1;
constexpr std::size_t kMax = ClientHelloGuard::kHelloBytesMax;

bool passes(const std::string& bytes) {
  ClientHelloGuard whole;
  const bool answer = whole.passes(bytes);
  // However it is cut.
  ClientHelloGuard bytewise;
  bool each = true;
  for (const char c : bytes) each = each && bytewise.passes({&c, 1});
  EXPECT_EQ(each, answer);
  return answer;
}

TEST(ClientHelloGuard, AClaimBeyondTheBoundIsSeenInNineBytes) {
  EXPECT_TRUE(passes(in_record(kHandshake, message(kHello, kMax, 0))));
  EXPECT_FALSE(passes(in_record(kHandshake, message(kHello, kMax + 1, 0))));
  EXPECT_FALSE(passes(in_record(kHandshake, message(kHello, 0xFFFFFF, 0))));
}

TEST(ClientHelloGuard, AClaimMayBeSpreadOverRecords) {
  const std::string claim = message(kHello, kMax + 1, 0);
  std::string bytes;
  for (const char c : claim) bytes += in_record(kHandshake, {c});
  EXPECT_FALSE(passes(bytes));
}

// After a server's request to try again there is a second hello, behind early data or not.
TEST(ClientHelloGuard, TheSecondHelloIsLookedAtToo) {
  const std::string first = in_record(kHandshake, message(kHello, 100, 100));
  const std::string second = in_record(kHandshake, message(kHello, kMax + 1, 0));
  EXPECT_TRUE(passes(first));
  EXPECT_FALSE(passes(first + second));
  EXPECT_FALSE(passes(first + in_record(20, "\1") + in_record(23, "early") + second));
}

TEST(ClientHelloGuard, WhatFollowsAnotherMessageIsNotLookedAt) {
  constexpr unsigned char kClientKeyExchange = 16;
  EXPECT_TRUE(passes(in_record(kHandshake, message(kHello, 100, 100)) +
                     in_record(kHandshake, message(kClientKeyExchange, 0xFFFFFF, 10)) +
                     in_record(kHandshake, message(kHello, kMax + 1, 0))));
}

TEST(ClientHelloGuard, WhatIsNoTlsIsNotItsBusiness) {
  EXPECT_TRUE(passes("GET / HTTP/1.1\r\n\r\n"));
  EXPECT_TRUE(passes(""));
}

RC_GTEST_PROP(ClientHelloGuard, AnswersAlikeHoweverTheBytesAreCut,
              (const std::vector<std::uint8_t>& tail, std::uint8_t cut)) {
  std::string bytes = in_record(kHandshake, message(kHello, 7, 7));
  for (const std::uint8_t byte : tail) bytes += static_cast<char>(20 + byte % 4);
  ClientHelloGuard whole;
  const bool answer = whole.passes(bytes);
  ClientHelloGuard parts;
  const std::size_t first = cut % bytes.size();
  const std::string_view view(bytes);
  RC_ASSERT((parts.passes(view.substr(0, first)) && parts.passes(view.substr(first))) == answer);
}

}  // namespace
}  // namespace crier::dataplane
