#include "services/bus/redis/intake.hpp"

#include <gtest/gtest.h>

#include <string>

namespace crier::services::bus::redis {
namespace {

Message message_of(std::size_t bytes) {
  Message message;
  message.command = std::string(bytes, 'x');
  return message;
}

TEST(Intake, WakesForTheFirstMessageOnly) {
  Intake intake(100);
  EXPECT_TRUE(intake.add(message_of(1)));
  EXPECT_FALSE(intake.add(message_of(1)));
  EXPECT_EQ(intake.take().size(), 2U);
  EXPECT_TRUE(intake.add(message_of(1)));
}

TEST(Intake, RefusesWhatDoesNotFit) {
  Intake intake(100);
  (void)intake.add(message_of(60));
  (void)intake.add(message_of(41));
  (void)intake.add(message_of(40));
  (void)intake.add(message_of(1));
  EXPECT_EQ(intake.bytes(), 100U);
  const std::vector<Message> taken = intake.take();
  ASSERT_EQ(taken.size(), 4U);
  EXPECT_EQ(taken[0].refused, std::nullopt);
  EXPECT_EQ(taken[1].refused, Outcome::kBacklogFull);
  EXPECT_TRUE(taken[1].command.empty());
  EXPECT_EQ(taken[2].refused, std::nullopt);
  EXPECT_EQ(taken[3].refused, Outcome::kBacklogFull);
  intake.release(100);
  EXPECT_EQ(intake.bytes(), 0U);
}

TEST(Intake, TakesOneMessageOfAnySizeWhenNothingWaits) {
  Intake intake(100);
  (void)intake.add(message_of(101));
  (void)intake.add(message_of(1));
  const std::vector<Message> taken = intake.take();
  EXPECT_EQ(taken[0].refused, std::nullopt);
  EXPECT_EQ(taken[1].refused, Outcome::kBacklogFull);
}

TEST(Intake, ForgetsWhatComesAfterItsEnd) {
  Intake intake(100);
  (void)intake.add(message_of(1));
  EXPECT_EQ(intake.close().size(), 1U);
  EXPECT_FALSE(intake.add(message_of(1)));
  EXPECT_TRUE(intake.take().empty());
}

}  // namespace
}  // namespace crier::services::bus::redis
