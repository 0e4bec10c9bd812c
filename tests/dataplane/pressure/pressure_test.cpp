#include "dataplane/pressure/pressure.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdint>
#include <vector>

namespace crier::dataplane {
namespace {

using enum PressureLevel;

PressureLevel after(std::initializer_list<std::uint64_t> retained) {
  Pressure pressure(1'000);
  for (const std::uint64_t bytes : retained) pressure.observe(bytes);
  return pressure.level();
}

TEST(Pressure, RisesAtItsBounds) {
  EXPECT_EQ(after({749}), kCalm);
  EXPECT_EQ(after({750}), kShed);
  EXPECT_EQ(after({899}), kShed);
  EXPECT_EQ(after({900}), kEvict);
  EXPECT_EQ(after({999}), kEvict);
  EXPECT_EQ(after({1'000}), kFull);
  EXPECT_EQ(after({5'000}), kFull);
}

TEST(Pressure, FallsOnlyWellBelow) {
  EXPECT_EQ(after({750, 650}), kShed);
  EXPECT_EQ(after({750, 649}), kCalm);
  EXPECT_EQ(after({900, 800}), kEvict);
  EXPECT_EQ(after({900, 799}), kShed);
  EXPECT_EQ(after({1'000, 800}), kFull);
  EXPECT_EQ(after({1'000, 799}), kShed);
  EXPECT_EQ(after({1'000, 0}), kCalm);
}

TEST(Pressure, StaysCalmWithoutABound) {
  Pressure pressure(0);
  pressure.observe(UINT64_MAX - 1);
  EXPECT_EQ(pressure.level(), kCalm);
  EXPECT_FALSE(pressure.would_evict(UINT64_MAX));
}

TEST(Pressure, BoundsOfALargeBudgetDoNotOverflow) {
  Pressure pressure(UINT64_MAX / 2);
  pressure.observe(UINT64_MAX / 4);
  EXPECT_EQ(pressure.level(), kCalm);
  pressure.observe(UINT64_MAX / 2);
  EXPECT_EQ(pressure.level(), kFull);
}

TEST(Pressure, ARefusedFrameMakesItFullUntilEvictionHasMadeRoom) {
  Pressure pressure(1'000);
  EXPECT_FALSE(pressure.would_evict(799));
  ASSERT_TRUE(pressure.would_evict(810));
  pressure.observe(810);
  EXPECT_EQ(pressure.level(), kShed);
  pressure.refuse(810);
  EXPECT_EQ(pressure.level(), kFull);
  pressure.observe(800);
  EXPECT_EQ(pressure.level(), kFull);
  pressure.observe(799);
  EXPECT_EQ(pressure.level(), kShed);
}

TEST(Pressure, CountsEveryLevelThatItPasses) {
  Pressure pressure(1'000);
  pressure.observe(1'000);
  EXPECT_EQ(pressure.transitions(), (std::array<std::uint64_t, 4>{0, 1, 1, 1}));
  pressure.observe(700);
  EXPECT_EQ(pressure.transitions(), (std::array<std::uint64_t, 4>{0, 2, 2, 1}));
  pressure.observe(0);
  EXPECT_EQ(pressure.transitions(), (std::array<std::uint64_t, 4>{1, 2, 2, 1}));
}

// Whatever goes up and down by less than the hysteresis changes the level once.
TEST(Pressure, DoesNotFlap) {
  for (const std::uint64_t bound : {750, 900}) {
    Pressure pressure(1'000);
    for (int i = 0; i < 100; ++i) {
      pressure.observe(bound);
      pressure.observe(bound - 99);
    }
    std::uint64_t changes = 0;
    for (const std::uint64_t entered : pressure.transitions()) changes += entered;
    EXPECT_EQ(changes, static_cast<std::uint64_t>(pressure.level())) << bound;
  }
}

// What it says of its next change holds: nothing changes between its two bounds.
RC_GTEST_PROP(Pressure, ChangesExactlyAtTheBoundsThatItTells,
              (const std::vector<std::uint16_t>& steps)) {
  Pressure pressure(30'000);
  for (const std::uint16_t retained : steps) {
    const PressureLevel before = pressure.level();
    const bool crosses = retained >= pressure.rises_at() || retained < pressure.falls_below();
    pressure.observe(retained);
    RC_ASSERT((pressure.level() != before) == crosses);
    RC_ASSERT(retained < pressure.rises_at());
    RC_ASSERT(retained >= pressure.falls_below());
  }
}

}  // namespace
}  // namespace crier::dataplane
