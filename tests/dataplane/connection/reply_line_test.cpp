#include "dataplane/connection/reply_line.hpp"

#include <gtest/gtest.h>

#include <string>

namespace crier::dataplane {
namespace {

// Takes every reply whose turn it is.
std::string drain(ReplyLine& line) {
  std::string replies;
  while (line.front_ready()) {
    replies += line.front().value_or("-");
    line.pop_front();
  }
  return replies;
}

TEST(ReplyLine, RepliesLeaveInTheOrderOfTheirFrames) {
  QueueMemory memory;
  ReplyLine line(memory);
  for (int i = 0; i < 3; ++i) line.push_pending();
  line.push_ready("d");
  line.complete(2, "c");
  line.complete(1, "b");
  EXPECT_EQ(drain(line), "");
  line.complete(0, "a");
  EXPECT_EQ(drain(line), "abcd");
  EXPECT_TRUE(line.empty());
}

TEST(ReplyLine, EachFrameHasItsSequenceForLife) {
  QueueMemory memory;
  ReplyLine line(memory);
  EXPECT_EQ(line.next_sequence(), 0U);
  line.push_pending();
  line.push_pending();
  EXPECT_EQ(line.next_sequence(), 2U);
  line.complete(0, "a");
  EXPECT_EQ(drain(line), "a");
  EXPECT_EQ(line.next_sequence(), 2U);
  line.push_pending();
  line.complete(2, "c");
  line.complete(1, "b");
  EXPECT_EQ(drain(line), "bc");
}

TEST(ReplyLine, AFrameWithoutAReplyTakesItsTurn) {
  QueueMemory memory;
  ReplyLine line(memory);
  line.push_pending();
  line.push_ready("b");
  line.complete(0, std::nullopt);
  ASSERT_TRUE(line.front_ready());
  EXPECT_FALSE(line.front().has_value());
  EXPECT_EQ(drain(line), "-b");
}

TEST(ReplyLine, IgnoresWhatIsNotItsOwnOrWasSaidBefore) {
  QueueMemory memory;
  ReplyLine line(memory);
  line.complete(0, "nobody");
  line.push_pending();
  line.complete(1, "too early");
  line.complete(UINT64_MAX, "never");
  line.complete(0, "first");
  line.complete(0, "second");
  EXPECT_EQ(drain(line), "first");
  line.complete(0, "too late");
  line.push_ready("ready");
  line.complete(1, "again");
  EXPECT_EQ(drain(line), "ready");
}

TEST(ReplyLine, IsFullAtItsBound) {
  QueueMemory memory;
  ReplyLine line(memory);
  for (std::size_t i = 0; i < ReplyLine::kLengthMax; ++i) {
    EXPECT_FALSE(line.full());
    line.push_pending();
  }
  EXPECT_TRUE(line.full());
  line.complete(0, std::nullopt);
  EXPECT_TRUE(line.full());
  line.pop_front();
  EXPECT_FALSE(line.full());
}

TEST(ReplyLine, CountsRepliesThatAreReadyAndNotSent) {
  QueueMemory memory;
  ReplyLine line(memory);
  EXPECT_EQ(line.ready_count(), 0U);
  line.push_pending();
  line.push_pending();
  line.push_ready("c");
  EXPECT_EQ(line.ready_count(), 1U);
  line.complete(0, std::nullopt);
  EXPECT_EQ(line.ready_count(), 1U);
  line.complete(1, "b");
  EXPECT_EQ(line.ready_count(), 2U);
  EXPECT_EQ(drain(line), "-bc");
  EXPECT_EQ(line.ready_count(), 0U);
}

TEST(ReplyLine, CountsAsMemoryOfQueuesWhileItLives) {
  QueueMemory memory;
  {
    ReplyLine line(memory);
    line.push_pending();
    const std::uint64_t pending = memory.retained();
    line.complete(0, std::string(10'000, 'a'));
    line.push_ready(std::string(20'000, 'b'));
    EXPECT_GE(memory.retained(), pending + 30'000);
    line.pop_front();
    EXPECT_LT(memory.retained(), pending + 30'000);
  }
  EXPECT_EQ(memory.retained(), 0U);
}

TEST(ReplyLine, AnEmptyReplyIsAReply) {
  QueueMemory memory;
  ReplyLine line(memory);
  line.push_ready("");
  EXPECT_EQ(line.ready_count(), 1U);
  EXPECT_EQ(line.front(), "");
}

}  // namespace
}  // namespace crier::dataplane
