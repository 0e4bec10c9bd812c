#include "services/bus/redis/probe.hpp"

#include <gtest/gtest.h>

#include <string>

namespace crier::services::bus::redis {
namespace {

using std::chrono::milliseconds;
using Step = Probe::Step;

class ProbeTest : public ::testing::Test {
 protected:
  [[nodiscard]] static Probe::Clock::time_point at(int ms) {
    return Probe::Clock::time_point(milliseconds(ms));
  }

  Probe probe_{milliseconds(100), milliseconds(500), at(0)};
};

TEST_F(ProbeTest, SendsAtOnceAndAgainAfterTheInterval) {
  EXPECT_EQ(probe_.step(at(0)), Step::kSend);
  EXPECT_EQ(probe_.step(at(1)), Step::kWait);
  EXPECT_EQ(probe_.come_back(probe_.nonce(), at(7)), milliseconds(7));
  EXPECT_TRUE(probe_.proven());
  EXPECT_EQ(probe_.next_step(), at(100));
  EXPECT_EQ(probe_.step(at(99)), Step::kWait);
  EXPECT_EQ(probe_.step(at(100)), Step::kSend);
}

TEST_F(ProbeTest, IsLostAfterTheTimeout) {
  EXPECT_EQ(probe_.step(at(0)), Step::kSend);
  EXPECT_EQ(probe_.step(at(499)), Step::kWait);
  EXPECT_EQ(probe_.step(at(500)), Step::kLost);
  EXPECT_FALSE(probe_.proven());
}

TEST_F(ProbeTest, IgnoresEveryOtherNonce) {
  EXPECT_EQ(probe_.come_back("", at(0)), std::nullopt);
  ASSERT_EQ(probe_.step(at(0)), Step::kSend);
  const std::string nonce = probe_.nonce();
  EXPECT_EQ(probe_.come_back(std::string(nonce.size(), '0'), at(1)), std::nullopt);
  EXPECT_EQ(probe_.come_back("", at(1)), std::nullopt);
  EXPECT_TRUE(probe_.come_back(nonce, at(1)));
  EXPECT_EQ(probe_.come_back(nonce, at(1)), std::nullopt);
  ASSERT_EQ(probe_.step(at(100)), Step::kSend);
  EXPECT_NE(probe_.nonce(), nonce);
  EXPECT_EQ(probe_.come_back(nonce, at(101)), std::nullopt);
}

TEST_F(ProbeTest, DoesNotCountTheTimeOfAPause) {
  ASSERT_EQ(probe_.step(at(0)), Step::kSend);
  probe_.pause(at(100));
  probe_.pause(at(200));
  EXPECT_EQ(probe_.step(at(10'000)), Step::kWait);
  EXPECT_EQ(probe_.next_step(), std::nullopt);
  probe_.resume(at(10'100));
  probe_.resume(at(10'200));
  EXPECT_EQ(probe_.step(at(10'499)), Step::kWait);
  EXPECT_EQ(probe_.step(at(10'500)), Step::kLost);
}

TEST_F(ProbeTest, GivesAPathThatMovesMoreTime) {
  probe_.extend(at(5));
  ASSERT_EQ(probe_.step(at(5)), Step::kSend);
  probe_.extend(at(400));
  EXPECT_EQ(probe_.step(at(899)), Step::kWait);
  EXPECT_EQ(probe_.step(at(900)), Step::kLost);
}

TEST(ProbeMessage, IsReadAgainAndNothingElseIs) {
  Probe probe(milliseconds(1), milliseconds(1), {});
  ASSERT_EQ(probe.step({}), Step::kSend);
  const std::string message = probe_message(probe.nonce());
  EXPECT_EQ(parse_probe_message(message), probe.nonce());
  EXPECT_EQ(parse_probe_message(""), std::nullopt);
  EXPECT_EQ(parse_probe_message(message + "0"), std::nullopt);
  EXPECT_EQ(parse_probe_message(message.substr(0, message.size() - 1)), std::nullopt);
  EXPECT_EQ(parse_probe_message(std::string(message.size(), 'x')), std::nullopt);
}

}  // namespace
}  // namespace crier::services::bus::redis
