#include "services/logging/line_writer.hpp"

#include <gtest/gtest.h>
#include <pty.h>

#include <future>

#include "tests/services/logging/pipe.hpp"

namespace crier::services::logging {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr LineWriter::Limits kRoomy{100'000, 64U << 20U};
constexpr milliseconds kNoTick{3'600'000};
constexpr seconds kPatience{30};

TEST(LineWriter, WritesEveryLineInOrder) {
  Pipe pipe;
  LineWriter writer(pipe.writer(), kRoomy, kNoTick, [] {});
  auto reading = std::async(std::launch::async, [&] { return pipe.read_until("999\n"); });
  std::string expected;
  for (int i = 0; i < 1'000; ++i) {
    writer.push(std::to_string(i) + "\n");
    expected += std::to_string(i) + "\n";
  }
  EXPECT_EQ(reading.get(), expected);
  EXPECT_EQ(writer.dropped(), 0U);
}

TEST(LineWriter, ABlockedReaderCostsLinesAndNoTime) {
  Pipe pipe;
  LineWriter writer(pipe.writer(), {16, 1U << 20U}, kNoTick, [] {});
  constexpr std::uint64_t kLines = 5'000;  // the pipe holds far fewer; nobody reads
  for (std::uint64_t i = 0; i < kLines; ++i) {
    writer.push(std::string(99, 'x') + "\n");
  }
  EXPECT_GT(writer.dropped(), 0U);
  writer.stop(milliseconds(0));
  const auto written = lines_of(pipe.read_all()).size();
  EXPECT_EQ(written + writer.dropped(), kLines);
}

TEST(LineWriter, BoundsBytesToo) {
  Pipe pipe;
  LineWriter writer(pipe.writer(), {1'000, 10}, kNoTick, [] {});
  writer.push(std::string(11, 'x') + "\n");
  EXPECT_EQ(writer.dropped(), 1U);
}

TEST(LineWriter, StopWritesWhatIsQueued) {
  Pipe pipe;
  LineWriter writer(pipe.writer(), kRoomy, kNoTick, [] {});
  for (int i = 0; i < 20; ++i) {
    writer.push("line\n");
  }
  writer.stop(kPatience);
  EXPECT_EQ(lines_of(pipe.read_all()).size(), 20U);
  writer.push("late\n");
  EXPECT_EQ(writer.dropped(), 1U);
}

TEST(LineWriter, StopEndsThoughNobodyReads) {
  Pipe pipe;
  auto writer = std::make_unique<LineWriter>(pipe.writer(), kRoomy, kNoTick, [] {});
  for (int i = 0; i < 100; ++i) {
    writer->push(std::string(999, 'x') + "\n");
  }
  writer->stop(milliseconds(10));
  EXPECT_GT(writer->dropped(), 0U);
  writer.reset();
}

// A terminal may call itself writable and then block in the middle of a line.
TEST(LineWriter, StopLeavesAWriteThatNeverReturnsBehind) {
  int terminal = -1;
  int screen = -1;
  ASSERT_EQ(openpty(&screen, &terminal, nullptr, nullptr, nullptr), 0);
  {
    LineWriter writer(terminal, kRoomy, kNoTick, [] {});
    for (int i = 0; i < 100; ++i) {
      writer.push(std::string(2'999, 'x') + "\n");
    }
    writer.stop(milliseconds(10));
  }
  close(screen);  // wakes the write that was left behind; `terminal` stays open, for it uses that
}

TEST(LineWriter, AReaderThatWentAwayIsCountedAndNotFatal) {
  Pipe pipe;
  pipe.close_reader();
  LineWriter writer(pipe.writer(), kRoomy, kNoTick, [] {});
  for (int i = 0; i < 10; ++i) {
    writer.push("line\n");
  }
  writer.stop(kPatience);
  EXPECT_EQ(writer.dropped(), 10U);
}

TEST(LineWriter, TicksAndMayPushFromThere) {
  Pipe pipe;
  std::promise<LineWriter*> self;
  auto shared = self.get_future().share();
  LineWriter writer(pipe.writer(), kRoomy, milliseconds(1),
                    [shared] { shared.get()->push("tick\n"); });
  self.set_value(&writer);
  EXPECT_EQ(pipe.read_until("tick\n").substr(0, 5), "tick\n");
}

}  // namespace
}  // namespace crier::services::logging
