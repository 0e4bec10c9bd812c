#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "tests/dataplane/framing/framings.hpp"
#include "tests/dataplane/framing/stream_reader.hpp"

namespace crier::dataplane {
namespace {

using namespace std::string_literals;
using Status = FrameReader::Status;

TEST(FrameReaderBudget, FramesThatLieInOneReadHoldNothing) {
  StreamReader reader(line_framing(), 100, 0);
  EXPECT_TRUE(reader.feed("one\ntwo\n"));
  EXPECT_EQ(reader.seen(), (Seen{{"one", "two"}, Status::kNeedMore}));
  EXPECT_EQ(reader.budget().used(), 0U);
}

TEST(FrameReaderBudget, MemoryGrowsWithWhatCameNotWithWhatWasClaimed) {
  StreamReader reader(length_framing(4), 1U << 30U);
  EXPECT_TRUE(reader.feed("\x3F\xFF\xFF\xFF"s));
  EXPECT_EQ(reader.budget().used(), 64U);
  for (std::size_t received = 4; received < 100'000; received += 1000) {
    ASSERT_TRUE(reader.feed(std::string(1000, 'x')));
    ASSERT_LE(reader.budget().used(), 2 * (received + 1000));
  }
  EXPECT_FALSE(reader.broke_bounds());
}

TEST(FrameReaderBudget, MemoryNeverExceedsTheLongestFrame) {
  StreamReader reader(length_framing(2), 100);
  EXPECT_TRUE(reader.feed("\x00\x64"s + std::string(70, 'x')));
  EXPECT_EQ(reader.budget().used(), 72U);
  EXPECT_TRUE(reader.feed("y"));
  EXPECT_EQ(reader.budget().used(), 102U);  // not 2 * 72
  EXPECT_TRUE(reader.feed(std::string(28, 'z')));
  EXPECT_TRUE(reader.feed("!"));
  ASSERT_EQ(reader.seen().frames.size(), 1U);
  EXPECT_EQ(reader.budget().used(), 0U);
}

TEST(FrameReaderBudget, ALongLineHoldsNoMoreThanItsLimit) {
  StreamReader reader(line_framing(), 100);
  while (reader.feed("x")) ASSERT_LE(reader.budget().used(), 102U);
  EXPECT_EQ(reader.seen(), (Seen{{}, Status::kTooLarge}));
  EXPECT_LE(reader.budget().used(), 102U);
}

TEST(FrameReaderBudget, NoRoomForTheFirstBytesIsNoRoom) {
  StreamReader reader(line_framing(), 100, 63);
  EXPECT_FALSE(reader.feed("whole\nbegun"));
  EXPECT_EQ(reader.seen(), (Seen{{"whole"}, Status::kNoRoom}));
  EXPECT_EQ(reader.budget().used(), 0U);
}

TEST(FrameReaderBudget, NoRoomToGrowIsNoRoomAndResetGivesAllBack) {
  StreamReader reader(line_framing(), 1000, 100);
  EXPECT_TRUE(reader.feed(std::string(64, 'x')));
  EXPECT_EQ(reader.budget().used(), 64U);
  EXPECT_FALSE(reader.feed("x"));
  EXPECT_EQ(reader.seen().end, Status::kNoRoom);
  EXPECT_EQ(reader.budget().used(), 64U);
  EXPECT_EQ(reader.partial_bytes(), 64U);
  reader.reset();
  EXPECT_EQ(reader.budget().used(), 0U);
}

TEST(FrameReaderBudget, ItIsSharedByAllReaders) {
  const Framing framing(line_framing(), 100);
  MemoryBudget budget(100);
  std::unique_ptr<PartialFrame> first;
  std::unique_ptr<PartialFrame> second;
  EXPECT_EQ(FrameReader(framing, first, budget, "x").peek().status, Status::kNeedMore);
  EXPECT_EQ(FrameReader(framing, second, budget, "x").peek().status, Status::kNoRoom);
  first.reset();
  second.reset();
  EXPECT_EQ(FrameReader(framing, second, budget, "x").peek().status, Status::kNeedMore);
}

TEST(FrameReaderBudget, AFrameStaysTheSameUntilItIsPopped) {
  const Framing framing(line_framing(), 100);
  MemoryBudget budget(1000);
  std::unique_ptr<PartialFrame> partial;
  EXPECT_EQ(FrameReader(framing, partial, budget, "on").peek().status, Status::kNeedMore);
  FrameReader reader(framing, partial, budget, "e\ntwo\nthree");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(reader.peek().payload, "one");
  EXPECT_EQ(reader.rest(), "two\nthree");
  reader.pop();
  EXPECT_EQ(partial, nullptr);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(reader.peek().payload, "two");
  EXPECT_EQ(reader.rest(), "two\nthree");  // seen in place: used by pop() alone
  reader.pop();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(reader.peek().status, Status::kNeedMore);
  EXPECT_EQ(reader.rest(), "");
  ASSERT_NE(partial, nullptr);
  EXPECT_EQ(partial->bytes.view(), "three");
}

}  // namespace
}  // namespace crier::dataplane
