#include "dataplane/queue/channel.hpp"

#include <gtest/gtest.h>

#include <string>

#include "tests/dataplane/queue/queue_harness.hpp"

namespace crier::dataplane {
namespace {

TEST(Channel, StartsEmpty) {
  const Channel channel;
  EXPECT_TRUE(channel.empty());
  EXPECT_EQ(channel.frames(), 0U);
  EXPECT_EQ(channel.bytes(), 0U);
  EXPECT_FALSE(channel.head_partly_sent());
  EXPECT_FALSE(channel.needs_heap());
  EXPECT_EQ(parts_of(channel), 0U);
}

TEST(Channel, AdjacentFramesLeaveInOnePart) {
  QueueHarness queue;
  Channel channel;
  for (int i = 0; i < 100; ++i) queue.push(channel, "abc");
  EXPECT_EQ(channel.frames(), 100U);
  EXPECT_EQ(channel.bytes(), 300U);
  EXPECT_EQ(parts_of(channel), 1U);
  EXPECT_FALSE(channel.needs_heap());
}

TEST(Channel, FramesThatDoNotTouchStayApartAndInOrder) {
  QueueHarness queue;
  Channel channel;
  queue.push(channel, "ab");
  queue.separate();
  queue.push(channel, "cd");
  queue.push(channel, "ef");
  EXPECT_EQ(parts_of(channel), 2U);
  EXPECT_TRUE(channel.needs_heap());
  EXPECT_EQ(unsent(channel), "abcdef");
}

TEST(Channel, ASpanOfSeveralFramesCountsEachOfThem) {
  QueueHarness queue;
  Channel channel;
  const Span first = queue.append("ab");
  const Span last = queue.append("cde");
  channel.push({first.block, first.first, last.last});
  EXPECT_EQ(channel.frames(), 2U);
  EXPECT_EQ(channel.bytes(), 5U);
}

TEST(Channel, GatherFillsNoMoreThanItIsGiven) {
  QueueHarness queue;
  Channel channel;
  for (const char* frame : {"ab", "cd", "ef"}) {
    queue.push(channel, frame);
    queue.separate();
  }
  EXPECT_EQ(unsent<1>(channel), "ab");
  EXPECT_EQ(unsent<2>(channel), "abcd");
  EXPECT_EQ(unsent<3>(channel), "abcdef");
}

TEST(Channel, BothBoundsCountBeforeTheAdd) {
  QueueHarness queue;
  Channel channel;
  queue.push(channel, "abcd");
  EXPECT_TRUE(channel.fits(1, 6, limits(2, 10)));
  EXPECT_FALSE(channel.fits(1, 7, limits(2, 10)));
  EXPECT_FALSE(channel.fits(2, 6, limits(2, 10)));
  EXPECT_FALSE(channel.fits(1, 1, limits(1, 10)));
  (void)channel.commit(1);
  EXPECT_TRUE(channel.fits(1, 7, limits(2, 10)));   // unsent bytes count
  EXPECT_FALSE(channel.fits(1, 1, limits(1, 10)));  // a frame partly sent is still one
}

TEST(Channel, IsHalfFullByEitherBound) {
  QueueHarness queue;
  Channel channel;
  EXPECT_FALSE(channel.half_full(limits(0, 0)));
  queue.push(channel, "abcd");
  EXPECT_TRUE(channel.half_full(limits(2, 100)));
  EXPECT_FALSE(channel.half_full(limits(3, 100)));
  EXPECT_TRUE(channel.half_full(limits(100, 8)));
  EXPECT_FALSE(channel.half_full(limits(100, 9)));
}

TEST(Channel, OldestIsTheStampOfItsFirstFrame) {
  QueueHarness queue;
  Channel channel;
  queue.push(channel, "ab", 10);
  queue.push(channel, "cd", 20);
  queue.separate();
  queue.push(channel, "ef", 30);
  EXPECT_EQ(channel.oldest(), 10U);
  (void)channel.commit(1);
  EXPECT_EQ(channel.oldest(), 10U);
  (void)channel.commit(1);
  EXPECT_EQ(channel.oldest(), 20U);
  (void)channel.commit(2);
  EXPECT_EQ(channel.oldest(), 30U);
}

TEST(Channel, EvictsFromTheFrontUntilTheNewFrameFits) {
  QueueHarness queue;
  Channel channel;
  for (const char* frame : {"aa", "bb", "cc", "dd"}) queue.push(channel, frame);
  EXPECT_EQ(channel.evict_for(3, limits(10, 8)), 2U);
  EXPECT_EQ(unsent(channel), "ccdd");
  EXPECT_EQ(channel.evict_for(1, limits(2, 100)), 1U);
  EXPECT_EQ(unsent(channel), "dd");
}

TEST(Channel, EvictsNothingWhereThatWouldNotSuffice) {
  QueueHarness queue;
  Channel channel;
  queue.push(channel, "aa");
  queue.push(channel, "bb");
  EXPECT_EQ(channel.evict_for(9, limits(10, 8)), 0U);
  EXPECT_EQ(channel.evict_for(1, limits(0, 8)), 0U);
  (void)channel.commit(1);
  EXPECT_EQ(channel.evict_for(8, limits(10, 8)), 0U);  // the head's last byte stays
  EXPECT_EQ(channel.evict_for(1, limits(1, 8)), 0U);
  EXPECT_EQ(unsent(channel), "abb");
  EXPECT_EQ(channel.evict_for(7, limits(10, 8)), 1U);
  EXPECT_EQ(unsent(channel), "a");
  EXPECT_EQ(channel.frames(), 1U);
}

TEST(Channel, NeverEvictsAFrameThatIsPartlySent) {
  QueueHarness queue;
  Channel channel;
  for (const char* frame : {"aaa", "bb", "cc"}) queue.push(channel, frame);
  (void)channel.commit(2);
  EXPECT_EQ(channel.evict_for(2, limits(2, 100)), 2U);
  EXPECT_EQ(unsent(channel), "a");
  EXPECT_TRUE(channel.head_partly_sent());
  queue.push(channel, "dd");
  EXPECT_EQ(unsent(channel), "add");
  EXPECT_EQ(channel.commit(1), 1U);
  EXPECT_EQ(unsent(channel), "dd");
}

TEST(Channel, DropUnsentKeepsOnlyWhatWasBegun) {
  QueueHarness queue;
  Channel channel;
  for (const char* frame : {"aaa", "bb", "cc"}) queue.push(channel, frame);
  queue.separate();
  queue.push(channel, "dd");
  (void)channel.commit(1);
  EXPECT_EQ(channel.drop_unsent(), 3U);
  EXPECT_EQ(unsent(channel), "aa");
  EXPECT_EQ(channel.drop_unsent(), 0U);
  EXPECT_EQ(channel.commit(2), 1U);
  EXPECT_TRUE(channel.empty());
  queue.push(channel, "ee");
  EXPECT_EQ(channel.drop_unsent(), 1U);
  EXPECT_TRUE(channel.empty());
}

TEST(Channel, SparesEveryFrameThatBegunBytesTouch) {
  struct Case {
    std::uint64_t begun;
    const char* rest;  // of the frames that stay
  };
  for (const auto& [begun, rest] : {Case{1, "aa"}, Case{2, "aa"}, Case{3, "aabb"}, Case{4, "aabb"},
                                    Case{5, "aabbcc"}, Case{7, "aabbccdd"}, Case{8, "aabbccdd"}}) {
    QueueHarness queue;
    Channel channel;
    for (const char* frame : {"aaa", "bb", "cc", "dd"}) queue.push(channel, frame);
    (void)channel.commit(1);
    const iovec whole = channel.gather_begun(begun);
    EXPECT_EQ(std::string(static_cast<const char*>(whole.iov_base), whole.iov_len), rest);
    EXPECT_EQ(channel.evict_for(100, limits(10, 8), begun), 0U) << "not even that would suffice";
    (void)channel.drop_unsent(begun);
    EXPECT_EQ(unsent(channel), rest);
  }
}

TEST(Channel, EvictsBehindWhatWasBegun) {
  QueueHarness queue;
  Channel channel;
  for (const char* frame : {"aa", "bb", "cc", "dd"}) queue.push(channel, frame);
  EXPECT_EQ(channel.evict_for(2, limits(4, 100), 3), 1U);
  EXPECT_EQ(unsent(channel), "aabbdd");
  queue.push(channel, "ee");
  EXPECT_EQ(channel.evict_for(2, limits(3, 100), 3), 2U);
  EXPECT_EQ(unsent(channel), "aabb");
}

TEST(Channel, ClearCountsWhatWasThereAPartlySentFrameIncluded) {
  QueueHarness queue;
  Channel channel;
  EXPECT_EQ(channel.clear(), 0U);
  for (const char* frame : {"aaa", "bb", "cc"}) queue.push(channel, frame);
  (void)channel.commit(4);
  EXPECT_EQ(channel.clear(), 2U);
  EXPECT_TRUE(channel.empty());
  EXPECT_EQ(channel.bytes(), 0U);
  EXPECT_FALSE(channel.head_partly_sent());
  queue.push(channel, "dd");
  EXPECT_EQ(unsent(channel), "dd");
}

TEST(Channel, LargeFramesAreReferencedNotCopied) {
  QueueHarness queue;
  const std::string large(100'000, 'x');
  {
    Channel one;
    Channel other;
    const Span span = queue.append(large);
    one.push(span);
    other.push(span);
    queue.log->settle();
    const std::uint64_t once = queue.memory.retained();
    EXPECT_LT(once, 2 * large.size());
    EXPECT_EQ(one.commit(99'999), 0U);
    EXPECT_EQ(unsent(one), "x");
    EXPECT_EQ(one.commit(1), 1U);
    EXPECT_EQ(queue.memory.retained(), once);
    EXPECT_EQ(unsent(other), large);
  }
  EXPECT_EQ(queue.memory.retained(), 0U);
}

TEST(Channel, LetsEveryBlockGo) {
  QueueHarness queue;
  {
    Channel channel;
    for (int i = 0; i < 300; ++i) {
      queue.push(channel, std::string(1000, 'x'));
      if (i % 3 == 0) queue.separate();
    }
    EXPECT_GT(queue.pool.retained_bytes(), 10 * QueueHarness::kSmallBlock);
    (void)channel.commit(150'500);
    (void)channel.evict_for(1000, limits(100, 1'000'000));
    EXPECT_EQ(channel.frames(), 99U);
  }
  queue.log.reset();
  EXPECT_EQ(queue.pool.retained_bytes(), 0U);
}

}  // namespace
}  // namespace crier::dataplane
