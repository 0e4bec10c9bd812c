#include "dataplane/framing/bounded_buffer.hpp"

#include <gtest/gtest.h>

#include <string>

namespace crier::dataplane {
namespace {

TEST(MemoryBudget, TakesAllOrNothing) {
  MemoryBudget budget(10);
  EXPECT_TRUE(budget.try_take(7));
  EXPECT_FALSE(budget.try_take(4));
  EXPECT_EQ(budget.used(), 7U);
  EXPECT_TRUE(budget.try_take(3));
  EXPECT_FALSE(budget.try_take(1));
  budget.give_back(10);
  EXPECT_EQ(budget.used(), 0U);
}

TEST(BoundedBuffer, CountsItsCapacityAndGivesItBack) {
  MemoryBudget budget(1000);
  {
    BoundedBuffer buffer(budget);
    EXPECT_EQ(budget.used(), 0U);
    EXPECT_TRUE(buffer.append("x", 1000));
    EXPECT_EQ(budget.used(), 64U);
    EXPECT_TRUE(buffer.append(std::string(64, 'y'), 1000));
    EXPECT_EQ(budget.used(), 128U);
    EXPECT_TRUE(buffer.append(std::string(300, 'z'), 1000));
    EXPECT_EQ(budget.used(), 365U);
    EXPECT_EQ(buffer.view(), "x" + std::string(64, 'y') + std::string(300, 'z'));
    buffer.release();
    EXPECT_TRUE(buffer.empty());
    EXPECT_EQ(budget.used(), 0U);
    EXPECT_TRUE(buffer.append("x", 1000));
  }
  EXPECT_EQ(budget.used(), 0U);
}

TEST(BoundedBuffer, NeverHoldsMoreThanItsCapacityMax) {
  MemoryBudget budget(1000);
  BoundedBuffer buffer(budget);
  EXPECT_TRUE(buffer.append("abc", 5));
  EXPECT_EQ(budget.used(), 5U);
  EXPECT_TRUE(buffer.append("de", 5));
  EXPECT_EQ(budget.used(), 5U);
}

TEST(BoundedBuffer, IsUnchangedWhereTheBudgetHasNoRoom) {
  MemoryBudget budget(100);
  BoundedBuffer buffer(budget);
  EXPECT_TRUE(buffer.append("abc", 1000));
  EXPECT_FALSE(buffer.append(std::string(62, 'x'), 1000));
  EXPECT_EQ(buffer.view(), "abc");
  EXPECT_EQ(budget.used(), 64U);
  EXPECT_TRUE(buffer.append(std::string(61, 'x'), 1000));
}

TEST(BoundedBuffer, DropFrontKeepsTheRest) {
  MemoryBudget budget(100);
  BoundedBuffer buffer(budget);
  EXPECT_TRUE(buffer.append("abcdef", 100));
  buffer.drop_front(4);
  EXPECT_EQ(buffer.view(), "ef");
  buffer.drop_front(2);
  EXPECT_TRUE(buffer.empty());
  EXPECT_EQ(budget.used(), 64U);
}

}  // namespace
}  // namespace crier::dataplane
