// What a message from the bus costs in memory that no node sends.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>

#include "services/cluster/envelope.hpp"
#include "tests/support/live_bytes.hpp"
#include "tests/support/many_fields.hpp"

namespace crier::services::cluster {
namespace {

using namespace std::string_literals;
using crier::testing::many_fields;
using crier::testing::wrapped;

constexpr std::size_t kBytes = 16'000'000;
// The envelope holds its body once more; parsing that takes 30 times as much, and more.
constexpr std::int64_t kGrowthMax = 3 * kBytes;

void expect_too_large(const std::string& message, const char* what) {
  crier::testing::reset_peak();
  const std::int64_t before = crier::testing::live_bytes();
  const auto opened = open(message, message.size());
  EXPECT_LT(crier::testing::peak_live_bytes() - before, kGrowthMax) << what;
  ASSERT_TRUE(std::holds_alternative<Ignored>(opened)) << what;
  EXPECT_EQ(std::get<Ignored>(opened), Ignored::kTooLarge) << what;
}

std::string sealed(const std::string& body) {
  return seal({"stranger", 7, 0, 1}, body);
}

TEST(MessageMemory, ManyEmptyPartsAreRefusedBeforeTheyAreParsed) {
  const std::string empty = many_fields("\x0a\x00"s, kBytes);
  // Field numbers from the body inwards.
  const std::string ids = wrapped('\x12', empty);
  expect_too_large(sealed(wrapped('\x2a', wrapped('\x0a', ids))), "ids of a broadcast");
  expect_too_large(sealed(wrapped('\x32', wrapped('\x1a', ids))), "ids of a validation");
  expect_too_large(sealed(wrapped('\x32', wrapped('\x32', wrapped('\x0a', empty)))),
                   "ids of a disconnect");
  expect_too_large(sealed(wrapped('\x3a', wrapped('\x32', empty))), "clients of an answer");
  expect_too_large(sealed(wrapped('\x0a', many_fields("\x3a\x00"s, kBytes))),
                   "numbers of a heartbeat");
}

TEST(MessageMemory, ManyFieldsThatNobodyKnowsAreRefusedBeforeTheyAreParsed) {
  const std::string unknown = many_fields("\x7a\x00"s, kBytes);
  expect_too_large(sealed(unknown), "in the body");
  expect_too_large(sealed(wrapped('\x2a', unknown)), "in a broadcast");
  expect_too_large(sealed("") + unknown, "in the envelope");
}

// That the figures above mean something.
TEST(MessageMemory, OfWhatIsParsedShows) {
  const std::string body = wrapped('\x3a', wrapped('\x32', many_fields("\x0a\x00"s, kBytes / 10)));
  crier::testing::reset_peak();
  const std::int64_t before = crier::testing::live_bytes();
  v1::BusBody parsed;
  ASSERT_TRUE(parsed.ParseFromString(body));
  EXPECT_GT(crier::testing::peak_live_bytes() - before,
            static_cast<std::int64_t>(10 * body.size()));
}

}  // namespace
}  // namespace crier::services::cluster
