#include "dataplane/pressure/queue_memory.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <thread>
#include <vector>

namespace crier::dataplane {
namespace {

using enum PressureLevel;
using Admission = QueueMemory::Admission;

TEST(QueueMemory, TellsOfEveryChangeOfTheLevel) {
  QueueMemory memory(1'000);
  std::vector<PressureLevel> told;
  memory.tell([&] { told.push_back(memory.level()); });
  memory.take(749);
  memory.take(1);
  memory.take(200);
  memory.take(500);
  memory.give_back(1'000);
  memory.tell(nullptr);
  memory.give_back(450);
  EXPECT_EQ(told, (std::vector{kShed, kEvict, kFull, kCalm}));
  EXPECT_EQ(memory.retained(), 0U);
}

TEST(QueueMemory, AdmitsWhatFitsBesideWhatIsHeldAndOnItsWay) {
  QueueMemory memory(1'000);
  memory.take(500);
  EXPECT_EQ(memory.try_reserve(400), Admission::kAdmitted);
  EXPECT_EQ(memory.try_reserve(101), Admission::kWayFull);
  EXPECT_EQ(memory.try_reserve(100), Admission::kAdmitted);
  EXPECT_EQ(memory.level(), kCalm) << "what is on its way is no pressure";
  memory.release(500);
  EXPECT_EQ(memory.try_reserve(500), Admission::kAdmitted);
}

TEST(QueueMemory, LeavesTheSpareFree) {
  QueueMemory memory(1'000, 100);
  EXPECT_EQ(memory.try_reserve(901), Admission::kWayFull);
  EXPECT_EQ(memory.try_reserve(900), Admission::kAdmitted);
}

TEST(QueueMemory, ARefusalForWhatIsHeldMakesItFull) {
  QueueMemory memory(1'000);
  memory.take(850);
  EXPECT_EQ(memory.try_reserve(151), Admission::kQueuesFull);
  EXPECT_TRUE(memory.full());
  EXPECT_FALSE(memory.has_room());
  EXPECT_EQ(memory.stats().refused, 1U);
  EXPECT_EQ(memory.try_reserve(150), Admission::kAdmitted) << "what fits is admitted all the same";
  memory.release(150);
  memory.give_back(51);
  EXPECT_FALSE(memory.full());
  EXPECT_TRUE(memory.has_room());
  EXPECT_EQ(memory.try_reserve(200), Admission::kAdmitted);
}

TEST(QueueMemory, HasRoomWhenHalfOfWhatIsFreeIsNotSpokenFor) {
  QueueMemory memory(1'000);
  memory.take(400);
  ASSERT_EQ(memory.try_reserve(301), Admission::kAdmitted);
  EXPECT_FALSE(memory.has_room());
  memory.release(1);
  EXPECT_TRUE(memory.has_room());
}

TEST(QueueMemory, RefusesNothingWithoutABound) {
  QueueMemory memory;
  memory.take(std::size_t{1} << 60U);
  EXPECT_EQ(memory.try_reserve(std::size_t{1} << 60U), Admission::kAdmitted);
  EXPECT_EQ(memory.level(), kCalm);
  EXPECT_TRUE(memory.has_room());
}

// However the threads meet, in the end the level is that of what is held.
TEST(QueueMemory, ThreadsLeaveTheLevelThatHolds) {
  for (int round = 0; round < 50; ++round) {
    QueueMemory memory(1'000);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 500; ++i) {
          memory.take(240);
          if (memory.try_reserve(100) == Admission::kAdmitted) memory.release(100);
          memory.give_back(240);
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(memory.retained(), 0U);
    EXPECT_EQ(memory.reserved(), 0U);
    EXPECT_EQ(memory.level(), kCalm);
    memory.take(920);
    EXPECT_EQ(memory.level(), kEvict);
  }
}

}  // namespace
}  // namespace crier::dataplane
