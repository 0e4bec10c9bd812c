#include "dataplane/connection/deadlines.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace crier::dataplane {
namespace {

using std::chrono::seconds;
using Slots = std::vector<std::uint32_t>;

class DeadlinesTest : public ::testing::Test {
 protected:
  DeadlinesTest() {
    for (int i = 0; i < 3; ++i) deadlines_.add_slot();
  }
  static Time at(int second) { return Time{} + seconds(second); }
  Slots expire(int second) {
    Slots passed;
    deadlines_.expire(at(second), [&](std::uint32_t slot) { passed.push_back(slot); });
    return passed;
  }

  Deadlines deadlines_;
};

TEST_F(DeadlinesTest, PassOnceAndNotBefore) {
  deadlines_.wake_by(1, at(5));
  EXPECT_EQ(expire(4), Slots{});
  EXPECT_EQ(expire(5), Slots{1});
  EXPECT_EQ(expire(6), Slots{});
}

TEST_F(DeadlinesTest, OnlyBecomeSooner) {
  deadlines_.wake_by(0, at(5));
  deadlines_.wake_by(0, at(3));
  deadlines_.wake_by(0, at(9));
  EXPECT_EQ(deadlines_.soonest(), at(3));
  EXPECT_EQ(expire(3), Slots{0});
}

TEST_F(DeadlinesTest, TheSoonestIsThatOfWhoeverIsLeft) {
  deadlines_.wake_by(0, at(3));
  deadlines_.wake_by(2, at(7));
  EXPECT_EQ(deadlines_.soonest(), at(3));
  EXPECT_EQ(expire(3), Slots{0});
  EXPECT_EQ(deadlines_.soonest(), at(7));
  EXPECT_EQ(expire(7), Slots{2});
  EXPECT_EQ(deadlines_.soonest(), kNever);
}

TEST_F(DeadlinesTest, ClearedOnesDoNotPass) {
  deadlines_.wake_by(0, at(3));
  deadlines_.wake_by(1, at(3));
  deadlines_.clear(0);
  EXPECT_EQ(expire(3), Slots{1});
}

TEST_F(DeadlinesTest, OnesSetWhileOthersPassCount) {
  deadlines_.wake_by(1, at(1));
  deadlines_.expire(at(1), [this](std::uint32_t) {
    deadlines_.wake_by(0, at(4));  // already looked at
    deadlines_.wake_by(1, at(5));
  });
  EXPECT_EQ(deadlines_.soonest(), at(4));
  EXPECT_EQ(expire(5), (Slots{0, 1}));
}

}  // namespace
}  // namespace crier::dataplane
