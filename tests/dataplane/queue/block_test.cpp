#include "dataplane/queue/block.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace crier::dataplane {
namespace {

TEST(BlockPool, CountsSmallBlocksInUse) {
  BlockPool pool;
  EXPECT_EQ(pool.retained_bytes(), 0U);
  SmallBlock* first = pool.make_small();
  SmallBlock* second = pool.make_small();
  EXPECT_NE(first, second);
  EXPECT_EQ(pool.retained_bytes(), 2 * sizeof(SmallBlock));
  first->release();
  EXPECT_EQ(pool.retained_bytes(), sizeof(SmallBlock));
  second->release();
  EXPECT_EQ(pool.retained_bytes(), 0U);
}

TEST(BlockPool, KeepsABlockUntilItsLastReferenceIsGone) {
  BlockPool pool;
  SmallBlock* block = pool.make_small();
  block->retain();
  block->release();
  EXPECT_EQ(pool.retained_bytes(), sizeof(SmallBlock));
  block->release();
  EXPECT_EQ(pool.retained_bytes(), 0U);
}

TEST(BlockPool, AReusedBlockStartsEmpty) {
  BlockPool pool;
  SmallBlock* block = pool.make_small();
  block->frames = 7;
  block->release();
  SmallBlock* again = pool.make_small();
  EXPECT_EQ(again, block);
  EXPECT_EQ(again->frames, 0U);
  EXPECT_EQ(again->references, 1U);
  EXPECT_FALSE(again->large);
  again->release();
}

TEST(BlockPool, SurvivesMoreBlocksThanItKeeps) {
  BlockPool pool;
  for (int round = 0; round < 2; ++round) {
    std::vector<SmallBlock*> blocks;
    for (int i = 0; i < 200; ++i) blocks.push_back(pool.make_small());
    EXPECT_EQ(pool.retained_bytes(), 200 * sizeof(SmallBlock));
    for (SmallBlock* block : blocks) block->release();
    EXPECT_EQ(pool.retained_bytes(), 0U);
  }
}

TEST(LargeFrame, IsCountedWhileItLives) {
  MemoryBudget retained(std::numeric_limits<std::uint64_t>::max());
  BlockPool pool;
  {
    auto frame = std::make_shared<LargeFrame>(std::string(10'000, 'x'), retained);
    EXPECT_GE(retained.used(), 10'000U);
    LargeBlock* block = pool.make_large(frame, 5);
    frame.reset();
    EXPECT_GE(retained.used(), 10'000U);
    EXPECT_EQ(std::string(block->bytes, block->ends[0].end), std::string(10'000, 'x'));
    EXPECT_EQ(block->ends[0].enqueued, 5U);
    EXPECT_EQ(block->frames, 1U);
    EXPECT_TRUE(block->large);
    EXPECT_EQ(pool.retained_bytes(), 0U);  // large frames count themselves
    block->release();
  }
  EXPECT_EQ(retained.used(), 0U);
}

TEST(LargeFrame, IsSharedByTheBlocksOfSeveralShards) {
  MemoryBudget retained(std::numeric_limits<std::uint64_t>::max());
  BlockPool one;
  BlockPool other;
  auto frame = std::make_shared<LargeFrame>(std::string(10'000, 'x'), retained);
  const std::uint64_t once = retained.used();
  LargeBlock* here = one.make_large(frame, 0);
  LargeBlock* there = other.make_large(frame, 0);
  frame.reset();
  EXPECT_EQ(retained.used(), once);
  here->release();
  EXPECT_EQ(retained.used(), once);
  there->release();
  EXPECT_EQ(retained.used(), 0U);
}

}  // namespace
}  // namespace crier::dataplane
