#include "dataplane/queue/frame_log.hpp"

#include <gtest/gtest.h>

#include <string>

#include "tests/dataplane/queue/queue_harness.hpp"

namespace crier::dataplane {
namespace {

std::string bytes_of(const Span& span) {
  return {span.block->bytes + span.begin(), span.bytes()};
}

TEST(FrameLog, ConsecutiveFramesLieSideBySide) {
  QueueHarness queue;
  const Span one = queue.append("one", 7);
  const Span two = queue.append("three", 9);
  EXPECT_EQ(bytes_of(one), "one");
  EXPECT_EQ(bytes_of(two), "three");
  EXPECT_EQ(one.block, two.block);
  EXPECT_TRUE(one.continues_in(two));
  EXPECT_FALSE(two.continues_in(one));
  EXPECT_EQ(one.end(), two.begin());
  EXPECT_EQ(one.enqueued(), 7U);
  EXPECT_EQ(two.enqueued(), 9U);
  const Span both{one.block, one.first, two.last};
  EXPECT_EQ(bytes_of(both), "onethree");
  EXPECT_EQ(both.frames(), 2U);
  EXPECT_EQ(both.enqueued(), 7U);
}

TEST(FrameLog, FillsABlockToTheLastByteBeforeItOpensAnother) {
  QueueHarness queue;
  const std::string quarter(SmallBlock::kBytesMax / 8, 'x');
  const Span first = queue.append(quarter);
  first.block->retain();
  for (int i = 0; i < 7; ++i) EXPECT_EQ(queue.append(quarter).block, first.block);
  EXPECT_EQ(queue.pool.retained_bytes(), QueueHarness::kSmallBlock);
  const Span next = queue.append("x");
  EXPECT_NE(next.block, first.block);
  EXPECT_EQ(next.first, 0U);
  EXPECT_EQ(queue.pool.retained_bytes(), 2 * QueueHarness::kSmallBlock);
  first.block->release();
  EXPECT_EQ(queue.pool.retained_bytes(), QueueHarness::kSmallBlock);
}

TEST(FrameLog, AFrameThatDoesNotFitOpensANewBlockWhole) {
  QueueHarness queue;
  const std::string frame(kLargeFrameBytes - 1, 'x');
  const Span first = queue.append(frame);
  first.block->retain();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(queue.append(frame).block, first.block);
  const Span next = queue.append(frame);
  EXPECT_NE(next.block, first.block);
  EXPECT_EQ(bytes_of(next), frame);
  first.block->release();
}

TEST(FrameLog, ABlockHoldsABoundedNumberOfFrames) {
  QueueHarness queue;
  const Span first = queue.append("x");
  first.block->retain();
  Span last = first;
  for (std::size_t i = 1; i < SmallBlock::kFramesMax; ++i) last = queue.append("x");
  EXPECT_EQ(last.block, first.block);
  EXPECT_EQ(last.last, SmallBlock::kFramesMax);
  EXPECT_NE(queue.append("x").block, first.block);
  first.block->release();
}

TEST(FrameLog, ALargeFrameHasItsOwnBlockAndNothingJoinsIt) {
  QueueHarness queue;
  const Span before = queue.append("x");
  before.block->retain();
  const Span large = queue.append(std::string(kLargeFrameBytes, 'y'), 3);
  large.block->retain();
  const Span after = queue.append("z");
  EXPECT_EQ(large.bytes(), kLargeFrameBytes);
  EXPECT_EQ(large.frames(), 1U);
  EXPECT_EQ(large.enqueued(), 3U);
  EXPECT_FALSE(before.continues_in(large));
  EXPECT_FALSE(large.continues_in(after));
  EXPECT_EQ(bytes_of(after), "z");
  before.block->release();
  large.block->release();
  queue.log.reset();
  queue.pool.trim();
  EXPECT_EQ(queue.memory.retained(), 0U);
}

TEST(FrameLog, SettleLetsALargeFrameGoAndKeepsASmallBlock) {
  QueueHarness queue;
  (void)queue.append(std::string(kLargeFrameBytes, 'y'));
  EXPECT_GE(queue.memory.retained(), kLargeFrameBytes);
  queue.log->settle();
  EXPECT_EQ(queue.memory.retained(), 0U);
  const Span small = queue.append("a");
  queue.log->settle();
  EXPECT_TRUE(small.continues_in(queue.append("b")));
  EXPECT_EQ(queue.pool.retained_bytes(), QueueHarness::kSmallBlock);
}

TEST(FrameLog, LeavesNothingBehind) {
  QueueHarness queue;
  for (int i = 0; i < 1000; ++i) (void)queue.append(std::string(100, 'x'));
  EXPECT_EQ(queue.pool.retained_bytes(), QueueHarness::kSmallBlock);
  queue.log.reset();
  EXPECT_EQ(queue.pool.retained_bytes(), 0U);
}

}  // namespace
}  // namespace crier::dataplane
