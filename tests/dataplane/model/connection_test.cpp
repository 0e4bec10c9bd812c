// One connection at a time, over scripted sockets and a clock moved by hand.
#include "dataplane/connection/connection.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <chrono>
#include <memory>

#include "tests/dataplane/model/shard_harness.hpp"

namespace crier::testing {
namespace {

using namespace dataplane;
using namespace std::chrono_literals;
using ::testing::SizeIs;

ListenerConfig line_listener(const char* processor) {
  ListenerConfig config;
  config.processor = processor;
  config.max_frame_bytes = 64;
  config.queue.max_frames = 4;
  config.queue.max_bytes = 256;
  return config;
}

std::uint64_t closed(const ShardHarness& harness, CloseReason reason) {
  return harness.shard.stats.closed[static_cast<std::size_t>(reason)];
}

Broadcast broadcast_of(std::string payload) {
  Broadcast broadcast;
  broadcast.payload = std::move(payload);
  return broadcast;
}

class ConnectionTest : public ::testing::Test {
 protected:
  explicit ConnectionTest(const char* processor = "echo") : harness_({line_listener(processor)}) {}

  void broadcast(const std::string& payload) {
    harness_.broadcast(broadcast_of(payload));
    harness_.run();
  }

  ShardHarness harness_;
  int fd_ = harness_.connect();
};

TEST_F(ConnectionTest, SendsDirectlyWhileNothingIsQueued) {
  broadcast("hello");
  EXPECT_EQ(harness_.sockets[fd_].received, "hello\n");
  EXPECT_EQ(harness_.shard.stats.send_calls, 1U);
}

TEST_F(ConnectionTest, ManyFramesOfOneWalkLeaveInOneCall) {
  for (int i = 0; i < 4; ++i) harness_.broadcast(broadcast_of("f" + std::to_string(i)));
  harness_.run();
  EXPECT_EQ(harness_.sockets[fd_].received, "f0\nf1\nf2\nf3\n");
  EXPECT_EQ(harness_.shard.stats.send_calls, 1U);
}

TEST_F(ConnectionTest, ABurstBeyondTheBoundsDropsNothingOfAClientThatReads) {
  for (int i = 0; i < 1000; ++i) harness_.broadcast(broadcast_of("frame"));
  harness_.run();
  EXPECT_THAT(harness_.sockets[fd_].received, SizeIs(6000));
  EXPECT_EQ(harness_.shard.stats.sent_frames, 1000U);
}

TEST_F(ConnectionTest, WaitOfAQueuedFrameIsObserved) {
  harness_.sockets[fd_].window = 0;
  broadcast("late");
  harness_.advance(300ms);
  harness_.client_reads(fd_, 100);
  EXPECT_EQ(harness_.shard.stats.queue_wait.count(), 1U);
  EXPECT_DOUBLE_EQ(harness_.shard.stats.queue_wait.sum, 0.3);
}

TEST(MaxAge, ClosesPolitelyWithinATenthHoweverBusyTheClientIs) {
  constexpr int kClients = 50;
  ListenerConfig config = line_listener("echo");
  config.max_age = 100s;
  ShardHarness harness({config});
  for (int i = 0; i < kClients; ++i) (void)harness.connect();
  const auto told = [&harness] {
    int fins = 0;
    for (int fd = 0; fd < kClients; ++fd) fins += harness.sockets[fd].saw_fin ? 1 : 0;
    return fins;
  };
  const auto pass = [&harness](std::chrono::milliseconds time) {
    for (int fd = 0; fd < kClients; ++fd) harness.client_sends(fd, "x\n");
    harness.advance(time);
  };
  pass(45s);
  pass(44'999ms);
  EXPECT_EQ(told(), 0);
  pass(10s);
  EXPECT_GT(told(), kClients / 4) << "about half of them";
  EXPECT_LT(told(), kClients * 3 / 4);
  pass(10'001ms);
  EXPECT_EQ(told(), kClients);
  EXPECT_EQ(harness.sockets[0].received.substr(0, 4), "x\nx\n");
  harness.advance(2s);  // lingering
  EXPECT_EQ(closed(harness, CloseReason::kMaxAge), static_cast<std::uint64_t>(kClients));
}

TEST_F(ConnectionTest, StallsOnlyWithoutProgress) {
  harness_.sockets[fd_].window = 0;
  broadcast("0123456789");
  for (int i = 0; i < 5; ++i) {
    harness_.advance(9s);
    harness_.client_reads(fd_, 1);  // a byte each time
  }
  EXPECT_EQ(closed(harness_, CloseReason::kWriteStall), 0U);
  harness_.client_reads(fd_, 0);  // an event without room is no progress
  harness_.advance(10s);
  EXPECT_EQ(closed(harness_, CloseReason::kWriteStall), 1U);
  EXPECT_EQ(harness_.shard.stats.discarded[static_cast<std::size_t>(CloseReason::kWriteStall)], 1U);
}

TEST_F(ConnectionTest, FrameBegunMustEndInTime) {
  harness_.client_sends(fd_, "whole\nbeg");
  harness_.advance(29s);
  harness_.client_sends(fd_, "un");
  EXPECT_EQ(closed(harness_, CloseReason::kPartialTimeout), 0U);
  harness_.advance(1s);
  harness_.client_ends(fd_);
  EXPECT_EQ(closed(harness_, CloseReason::kPartialTimeout), 1U);
  EXPECT_EQ(harness_.partial_memory.used(), 0U);
}

TEST_F(ConnectionTest, EachFrameBegunHasItsOwnTime) {
  for (int i = 0; i < 10; ++i) {
    harness_.client_sends(fd_, "end\nbegin");
    harness_.advance(20s);
  }
  EXPECT_EQ(closed(harness_, CloseReason::kPartialTimeout), 0U);
}

TEST_F(ConnectionTest, FinWithTheLastBytesIsSeen) {
  harness_.client_sends_last(fd_, "bye\n");
  EXPECT_EQ(harness_.sockets[fd_].received, "bye\n");
  EXPECT_EQ(closed(harness_, CloseReason::kClientClosed), 1U);
}

TEST_F(ConnectionTest, RepliesThatDoNotFitHoldReadingBackAndNoneIsLost) {
  harness_.sockets[fd_].window = 0;
  std::string sent;
  for (int i = 0; i < 100; ++i) sent += std::to_string(i) + "\n";
  harness_.client_sends_last(fd_, sent);
  EXPECT_EQ(harness_.connection(fd_)->info_now(false).queued_frames, 4U);
  EXPECT_GT(harness_.partial_memory.used(), 0U);  // what was read and not processed
  while (harness_.connection(fd_) != nullptr) harness_.client_reads(fd_, 3);
  EXPECT_EQ(harness_.sockets[fd_].received, sent);
  EXPECT_EQ(closed(harness_, CloseReason::kClientClosed), 1U);
  EXPECT_EQ(harness_.partial_memory.used(), 0U);
}

TEST_F(ConnectionTest, NothingIsReadWhileHeldBack) {
  harness_.sockets[fd_].window = 0;
  harness_.client_sends(fd_, "1\n2\n3\n4\n5\n6\n");
  harness_.client_sends(fd_, "7\n");
  EXPECT_EQ(harness_.sockets[fd_].to_read, "7\n");
  harness_.client_reads(fd_, ScriptedSockets::kUnlimited);
  EXPECT_EQ(harness_.sockets[fd_].received, "1\n2\n3\n4\n5\n6\n7\n");
}

TEST_F(ConnectionTest, PoliteCloseReadsOnUntilTheClientEnds) {
  harness_.connection(fd_)->close(CloseReason::kDisconnected);
  harness_.end_turn();
  EXPECT_TRUE(harness_.sockets[fd_].saw_fin);
  EXPECT_FALSE(harness_.sockets[fd_].closed);
  harness_.client_sends(fd_, "nobody listens\n");
  EXPECT_TRUE(harness_.sockets[fd_].received.empty());
  harness_.client_ends(fd_);
  EXPECT_TRUE(harness_.sockets[fd_].closed);
}

TEST_F(ConnectionTest, PoliteCloseDoesNotWaitForEver) {
  harness_.connection(fd_)->close(CloseReason::kDisconnected);
  harness_.end_turn();
  harness_.advance(2s);
  EXPECT_TRUE(harness_.sockets[fd_].closed);
}

TEST_F(ConnectionTest, FlushEndsAtItsDeadline) {
  harness_.sockets[fd_].window = 0;
  broadcast("stuck");
  harness_.connection(fd_)->close(CloseReason::kDrain);
  harness_.end_turn();
  EXPECT_FALSE(harness_.sockets[fd_].closed);
  harness_.advance(2s);
  EXPECT_TRUE(harness_.sockets[fd_].closed);
  EXPECT_EQ(harness_.shard.stats.discarded[static_cast<std::size_t>(CloseReason::kDrain)], 1U);
}

TEST_F(ConnectionTest, TheFirstReasonWins) {
  harness_.sockets[fd_].window = 0;
  broadcast("stuck");
  harness_.client_ends(fd_);
  harness_.connection(fd_)->close(CloseReason::kHardStop);
  harness_.end_turn();
  EXPECT_EQ(closed(harness_, CloseReason::kClientClosed), 1U);
  EXPECT_EQ(closed(harness_, CloseReason::kHardStop), 0U);
}

TEST_F(ConnectionTest, AGonePeerMakesADirectSendADrop) {
  harness_.sockets[fd_].broken = EPIPE;
  const auto result = harness_.broadcast(broadcast_of("nobody"));
  harness_.run();
  EXPECT_EQ(result->matched, 1U);
  EXPECT_EQ(result->queued, 0U);
  EXPECT_EQ(result->dropped[static_cast<std::size_t>(DropReason::kClosing)], 1U);
  EXPECT_EQ(closed(harness_, CloseReason::kReset), 1U);
}

TEST(UnqueuedTest, ABroadcastMayOverrideThePolicy) {
  ListenerConfig config = line_listener("discard");
  config.queue.max_frames = 0;
  ShardHarness harness({config});
  const int fd = harness.connect();
  harness.sockets[fd].window = 0;
  harness.broadcast(broadcast_of("dropped"));
  harness.run();
  EXPECT_NE(harness.connection(fd), nullptr);
  Broadcast strict = broadcast_of("too slow");
  strict.overflow = OverflowPolicy::kDisconnect;
  const auto result = harness.broadcast(strict);
  harness.run();
  EXPECT_EQ(result->dropped[static_cast<std::size_t>(DropReason::kTooSlow)], 1U);
  EXPECT_EQ(closed(harness, CloseReason::kSlowConsumer), 1U);
}

class RelayTest : public ConnectionTest {
 protected:
  RelayTest() : ConnectionTest("relay") {}
};

TEST_F(RelayTest, WaitsForTheNodeAndLosesNothing) {
  harness_.relay_answer = Submit::kOverloaded;
  harness_.client_sends(fd_, "one\ntwo\nthr");
  harness_.client_sends(fd_, "ee\n");
  EXPECT_TRUE(harness_.relayed.empty());
  harness_.node_has_room();
  EXPECT_THAT(harness_.relayed, ::testing::ElementsAre("one", "two", "three"));
}

// Answers when the test says so.
class LaterProcessor final : public Processor {
 public:
  explicit LaterProcessor(std::vector<ReplyTicket>& tickets) : tickets_(tickets) {}
  Verdict process(const InboundFrame& frame) override {
    if (frame.payload == "boom") throw std::runtime_error("a fault of the processor");
    if (frame.payload == "now") return {Verdict::Kind::kReply, frame.payload};
    tickets_.push_back(frame.ticket);
    return {Verdict::Kind::kLater, {}};
  }
  [[nodiscard]] bool replies() const override { return true; }

 private:
  std::vector<ReplyTicket>& tickets_;
};

class LaterTest : public ::testing::Test {
 protected:
  std::vector<ReplyTicket> tickets_;
  ShardHarness harness_{{line_listener("discard")}, std::make_unique<LaterProcessor>(tickets_)};
  int fd_ = harness_.connect();
};

TEST_F(LaterTest, RepliesKeepTheOrderOfTheirFrames) {
  harness_.client_sends(fd_, "a\nb\nnow\nc\n");
  tickets_[1].complete("B");
  tickets_[2].complete(std::nullopt);
  EXPECT_EQ(harness_.sockets[fd_].received, "");
  tickets_[0].complete("A");
  EXPECT_EQ(harness_.sockets[fd_].received, "A\nB\nnow\n");
}

TEST_F(LaterTest, FramesInFlightAreBounded) {
  std::string sent;
  for (int i = 0; i < 100; ++i) sent += "x\n";
  harness_.client_sends(fd_, sent);
  EXPECT_THAT(tickets_, SizeIs(ReplyLine::kLengthMax));
  for (std::size_t i = 0; i < tickets_.size(); ++i) tickets_[i].complete("y");
  EXPECT_THAT(tickets_, SizeIs(100));
  EXPECT_THAT(harness_.sockets[fd_].received, SizeIs(200));
}

TEST_F(LaterTest, ATicketOfAGoneClientIsIgnored) {
  harness_.client_sends(fd_, "a\n");
  harness_.client_breaks(fd_, ECONNRESET);
  tickets_[0].complete("A");
  EXPECT_EQ(harness_.sockets[fd_].received, "");
}

TEST_F(LaterTest, ReadyRepliesOfAClosedClientAreCounted) {
  harness_.client_sends(fd_, "a\nb\n");
  tickets_[1].complete("B");
  harness_.client_breaks(fd_, ECONNRESET);
  const ShardStats& stats = harness_.shard.stats;
  EXPECT_EQ(stats.offered[static_cast<std::size_t>(Source::kReply)], 1U);
  EXPECT_EQ(stats.discarded[static_cast<std::size_t>(CloseReason::kReset)], 1U);
}

TEST_F(LaterTest, AFaultOfTheProcessorClosesOnlyItsConnection) {
  const int neighbour = harness_.connect();
  harness_.client_sends(fd_, "boom\n");
  EXPECT_EQ(closed(harness_, CloseReason::kInternalError), 1U);
  EXPECT_TRUE(harness_.sockets[fd_].closed);
  EXPECT_NE(harness_.connection(neighbour), nullptr);
}

TEST_F(LaterTest, AFaultOverItsFirstInputDoesToo) {
  const int other = harness_.connect(0, std::make_unique<Session>(), "boom\n");
  harness_.end_turn();
  EXPECT_EQ(closed(harness_, CloseReason::kInternalError), 1U);
  EXPECT_TRUE(harness_.sockets[other].closed);
  EXPECT_NE(harness_.connection(fd_), nullptr);
}

// A ping that waits behind half a frame has not been heard yet.
TEST(PingTest, TheTimeToAnswerBeginsWhenThePingIsSent) {
  ListenerConfig config = line_listener("discard");
  config.queue.max_bytes = 10'000;
  config.codec = Codec::kEnvelope;
  config.ping_interval = 1s;
  config.pong_timeout = 1s;
  ShardHarness harness({config});
  auto session = std::make_unique<Session>();
  session->envelope = std::make_unique<EnvelopeState>();
  const int fd = harness.connect(0, std::move(session));
  harness.end_turn();
  harness.sockets[fd].window = 100;
  harness.broadcast(broadcast_of(std::string(5'000, 'x')));
  harness.run();
  for (int i = 0; i < 10; ++i) {
    harness.advance(1s);
    harness.client_reads(fd, 100);
  }
  ASSERT_NE(harness.connection(fd), nullptr);
  harness.client_reads(fd, ScriptedSockets::kUnlimited);
  harness.advance(900ms);
  ASSERT_NE(harness.connection(fd), nullptr);
  harness.advance(200ms);
  EXPECT_EQ(closed(harness, CloseReason::kPingTimeout), 1U);
}

}  // namespace
}  // namespace crier::testing
