// Replies that had to wait, for room or for their turn, and the input behind them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <string>
#include <vector>

#include "tests/dataplane/model/shard_harness.hpp"

namespace crier::testing {
namespace {

using namespace dataplane;

// Of queues that a single reply may fill by more than half.
ListenerConfig listener(const char* processor) {
  ListenerConfig config;
  config.processor = processor;
  config.max_frame_bytes = 64;
  config.queue.max_frames = 4;
  config.queue.max_bytes = 100;
  return config;
}

std::string line_of(char c) {
  return std::string(63, c) + "\n";
}

// A client that has sent three lines to echo, and reads nothing.
class WaitingReplies : public ::testing::Test {
 protected:
  WaitingReplies() {
    harness_.sockets[fd_].window = 0;
    harness_.client_sends(fd_, line_of('a') + line_of('b') + line_of('c'));
  }

  ShardHarness harness_{{listener("echo")}};
  int fd_ = harness_.connect();
};

TEST_F(WaitingReplies, ALargeOneIsSentOnceItHasRoom) {
  // One event, as the kernel tells it: there is room for everything.
  harness_.client_reads(fd_, ScriptedSockets::kUnlimited);
  EXPECT_EQ(harness_.sockets[fd_].received, line_of('a') + line_of('b') + line_of('c'));
  harness_.client_sends(fd_, line_of('d'));
  EXPECT_THAT(harness_.sockets[fd_].received, ::testing::EndsWith(line_of('d')));
}

TEST_F(WaitingReplies, WhoIsHeldBackAndGoesIsNoticed) {
  harness_.client_breaks(fd_, ECONNRESET);
  EXPECT_TRUE(harness_.sockets[fd_].closed);
}

class Later final : public Processor {
 public:
  explicit Later(std::vector<ReplyTicket>& tickets) : tickets_(tickets) {}
  Verdict process(const InboundFrame& frame) override {
    tickets_.push_back(frame.ticket);
    return {Verdict::Kind::kLater, {}};
  }
  [[nodiscard]] bool replies() const override { return true; }

 private:
  std::vector<ReplyTicket>& tickets_;
};

class LateReplies : public ::testing::Test {
 protected:
  std::vector<ReplyTicket> tickets_;
  ShardHarness harness_{{listener("discard")}, std::make_unique<Later>(tickets_)};
  int fd_ = harness_.connect();
};

TEST_F(LateReplies, ThoseThatCameWithoutRoomAreSentOnceThereIsSome) {
  harness_.sockets[fd_].window = 0;
  harness_.client_sends(fd_, "1\n2\n3\n");
  for (std::size_t i = 0; i < 3; ++i) {
    tickets_[i].complete(std::string(60, static_cast<char>('a' + i)));
  }
  harness_.client_reads(fd_, ScriptedSockets::kUnlimited);
  EXPECT_THAT(harness_.sockets[fd_].received, ::testing::SizeIs(3 * 61));
  harness_.client_sends(fd_, "4\n");
  EXPECT_EQ(tickets_.size(), 4U) << "it is read again";
}

// Its memory is there while something waits, and a reply is never taken for another.
TEST_F(LateReplies, TheLineGoesWhenItIsEmpty) {
  const std::uint64_t before = harness_.queue_memory.retained();
  harness_.client_sends(fd_, "1\n");
  EXPECT_GT(harness_.queue_memory.retained(), before);
  tickets_[0].complete("one");
  EXPECT_EQ(harness_.sockets[fd_].received, "one\n");
  const std::uint64_t idle = harness_.queue_memory.retained();
  harness_.client_sends(fd_, "2\n");
  tickets_[0].complete("one again");
  EXPECT_EQ(harness_.sockets[fd_].received, "one\n") << "the first frame has its reply";
  tickets_[1].complete("two");
  EXPECT_EQ(harness_.sockets[fd_].received, "one\ntwo\n");
  EXPECT_EQ(harness_.queue_memory.retained(), idle);
}

// However often the socket becomes readable, whoever sends much is read once in each turn.
TEST(ReadTurns, AreOneForEachConnection) {
  ShardHarness harness({listener("discard")});
  const int fd = harness.connect();
  for (int i = 0; i < 100; ++i) harness.sockets[fd].to_read += std::string(63'999, '\n') + "x";
  for (int i = 0; i < 10; ++i) {
    harness.connection(fd)->on_ready(true, false);
    EXPECT_LE(harness.shard.readable.size(), 1U);
  }
}

}  // namespace
}  // namespace crier::testing
