#include "dataplane/queue/block.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace crier::dataplane {
namespace {

TEST(BlockPool, CountsSmallBlocksInUse) {
  QueueMemory memory;
  BlockPool pool(memory);
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
  QueueMemory memory;
  BlockPool pool(memory);
  SmallBlock* block = pool.make_small();
  block->retain();
  block->release();
  EXPECT_EQ(pool.retained_bytes(), sizeof(SmallBlock));
  block->release();
  EXPECT_EQ(pool.retained_bytes(), 0U);
}

TEST(BlockPool, AReusedBlockStartsEmpty) {
  QueueMemory memory;
  BlockPool pool(memory);
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
  QueueMemory memory;
  BlockPool pool(memory);
  for (int round = 0; round < 2; ++round) {
    std::vector<SmallBlock*> blocks;
    for (int i = 0; i < 200; ++i) blocks.push_back(pool.make_small());
    EXPECT_EQ(pool.retained_bytes(), 200 * sizeof(SmallBlock));
    for (SmallBlock* block : blocks) block->release();
    EXPECT_EQ(pool.retained_bytes(), 0U);
  }
}

TEST(BlockPool, CountsWhatItKeepsForReuseUntilItIsTrimmed) {
  QueueMemory memory;
  BlockPool pool(memory);
  SmallBlock* block = pool.make_small();
  const std::uint64_t one = memory.retained();
  EXPECT_GE(one, sizeof(SmallBlock));
  block->release();
  EXPECT_EQ(memory.retained(), one);
  pool.trim();
  EXPECT_EQ(memory.retained(), 0U);
}

TEST(BlockPool, KeepsNothingForReuseUnderPressure) {
  QueueMemory memory(sizeof(SmallBlock));
  BlockPool pool(memory);
  SmallBlock* block = pool.make_small();
  ASSERT_EQ(memory.level(), PressureLevel::kFull);
  block->release();
  EXPECT_EQ(memory.retained(), 0U);
  EXPECT_EQ(memory.level(), PressureLevel::kCalm);
}

TEST(LargeFrame, CountsFromTheMomentItIsNoLongerOnItsWay) {
  QueueMemory memory;
  BlockPool pool(memory);
  {
    auto frame = std::make_shared<LargeFrame>(std::string(10'000, 'x'), memory);
    EXPECT_EQ(memory.retained(), 0U);
    frame->settle();
    EXPECT_EQ(memory.retained(), LargeFrame::memory_of(10'000));
    LargeBlock* block = pool.make_large(frame, 5);
    frame.reset();
    EXPECT_EQ(memory.retained(),
              LargeFrame::memory_of(10'000) + allocation_bytes(sizeof(LargeBlock)));
    EXPECT_EQ(std::string(block->bytes, block->ends[0].end), std::string(10'000, 'x'));
    EXPECT_EQ(block->ends[0].enqueued, 5U);
    EXPECT_EQ(block->frames, 1U);
    EXPECT_TRUE(block->large);
    EXPECT_EQ(pool.retained_bytes(), 0U);  // large frames count themselves
    block->release();
  }
  EXPECT_EQ(memory.retained(), 0U);
}

TEST(LargeFrame, IsSharedByTheBlocksOfSeveralShards) {
  QueueMemory memory;
  BlockPool one(memory);
  BlockPool other(memory);
  auto frame = std::make_shared<LargeFrame>(std::string(10'000, 'x'), memory);
  frame->settle();
  const std::uint64_t once = memory.retained();
  LargeBlock* here = one.make_large(frame, 0);
  LargeBlock* there = other.make_large(frame, 0);
  frame.reset();
  EXPECT_EQ(memory.retained(), once + 2 * allocation_bytes(sizeof(LargeBlock)));
  here->release();
  EXPECT_EQ(memory.retained(), once + allocation_bytes(sizeof(LargeBlock)));
  there->release();
  EXPECT_EQ(memory.retained(), 0U);
}

}  // namespace
}  // namespace crier::dataplane
