#include "dataplane/client_id.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>
#include <string>

namespace crier::dataplane {
namespace {

constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz234567";

ClientId largest() {
  return {.incarnation = (1ULL << kIncarnationBits) - 1,
          .slot = kSlotsMax - 1,
          .shard = kShardsMax - 1,
          .serial = (1ULL << kSerialBits) - 1};
}

ClientId any_id() {
  ClientId id;
  id.incarnation = *rc::gen::resize(100, rc::gen::inRange<std::uint64_t>(0, 1ULL << 52));
  id.slot = *rc::gen::resize(100, rc::gen::inRange<std::uint32_t>(0, kSlotsMax));
  id.shard = static_cast<std::uint8_t>(*rc::gen::resize(100, rc::gen::inRange(0, 256)));
  id.serial = *rc::gen::resize(100, rc::gen::inRange<std::uint64_t>(0, 1ULL << 46));
  return id;
}

TEST(ClientId, TheSmallestAndTheLargestSurviveTheirText) {
  EXPECT_EQ(to_string(ClientId{}), std::string(26, 'a'));
  EXPECT_EQ(to_string(largest()), std::string(26, '7'));
  EXPECT_EQ(parse_client_id(std::string(26, 'a')), ClientId{});
  EXPECT_EQ(parse_client_id(std::string(26, '7')), largest());
}

TEST(ClientId, EachFieldHasItsPlaceInTheText) {
  EXPECT_EQ(to_string({.incarnation = 1}), "aaaaaaaaaaiaaaaaaaaaaaaaaa");
  EXPECT_EQ(to_string({.slot = 1}), "aaaaaaaaaaaaaaaacaaaaaaaaa");
  EXPECT_EQ(to_string({.shard = 1}), "aaaaaaaaaaabaaaaaaaaaaaaaa");
  EXPECT_EQ(to_string({.serial = 1}), "aaaaaaaaaaaaaaaaaaaaaaaaab");
}

TEST(ClientId, EveryBitMakesAnotherText) {
  std::set<std::string> texts{to_string({})};
  for (int i = 0; i < kIncarnationBits; ++i) texts.insert(to_string({.incarnation = 1ULL << i}));
  for (int i = 0; i < kSlotBits; ++i) texts.insert(to_string({.slot = 1U << i}));
  for (int i = 0; i < kShardBits; ++i) {
    texts.insert(to_string({.shard = static_cast<std::uint8_t>(1U << i)}));
  }
  for (int i = 0; i < kSerialBits; ++i) texts.insert(to_string({.serial = 1ULL << i}));
  EXPECT_EQ(texts.size(), 1U + kIncarnationBits + kSlotBits + kShardBits + kSerialBits);
}

TEST(ClientId, RefusesEveryOtherLength) {
  for (std::size_t length = 0; length < 60; ++length) {
    EXPECT_EQ(parse_client_id(std::string(length, 'a')).has_value(), length == kClientIdChars);
  }
}

TEST(ClientId, RefusesEveryOtherCharacterAtEveryPlace) {
  for (std::size_t at = 0; at < kClientIdChars; ++at) {
    for (int c = 0; c < 256; ++c) {
      std::string text(kClientIdChars, 'b');
      text[at] = static_cast<char>(c);
      const bool known = kAlphabet.find(text[at]) != std::string_view::npos;
      ASSERT_EQ(parse_client_id(text).has_value(), known) << "character " << c << " at " << at;
    }
  }
}

TEST(ClientId, RefusesUpperCase) {
  std::string text = to_string({.incarnation = 77, .serial = 99});
  for (char& c : text) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  EXPECT_FALSE(parse_client_id(text));
}

RC_GTEST_PROP(ClientIdProperty, TextAndBackIsTheSameId, ()) {
  const ClientId id = any_id();
  const std::string text = to_string(id);
  RC_ASSERT(text.size() == kClientIdChars);
  RC_ASSERT(text.find_first_not_of(kAlphabet) == std::string::npos);
  RC_ASSERT(parse_client_id(text) == id);
}

RC_GTEST_PROP(ClientIdProperty, EveryTextThatIsReadIsPrintedTheSame, ()) {
  const auto letter = rc::gen::elementOf(std::string(kAlphabet));
  const auto text = *rc::gen::container<std::string>(kClientIdChars, letter);
  const auto id = parse_client_id(text);
  RC_ASSERT(id.has_value());
  RC_ASSERT(to_string(*id) == text);
}

RC_GTEST_PROP(ClientIdProperty, DifferentIdsHaveDifferentTexts, ()) {
  const ClientId one = any_id();
  const ClientId other = any_id();
  RC_ASSERT((one == other) == (to_string(one) == to_string(other)));
}

}  // namespace
}  // namespace crier::dataplane
