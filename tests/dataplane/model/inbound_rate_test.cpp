// A client that sends faster than it may, over scripted sockets and a clock moved by hand.
#include "dataplane/limits/inbound_rate.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/dataplane/model/shard_harness.hpp"

namespace crier::testing {
namespace {

using namespace dataplane;
using namespace std::chrono_literals;

ListenerConfig listener(std::uint32_t messages, std::uint64_t bytes,
                        std::chrono::milliseconds close_after = 0ms) {
  ListenerConfig config;
  config.processor = "echo";
  config.inbound = {messages, bytes, close_after};
  return config;
}

class InboundRateTest : public ::testing::Test {
 protected:
  void start(const ListenerConfig& config) {
    harness_.emplace(std::vector{config});
    fd_ = harness_->connect();
  }
  // Numbered lines of `bytes` bytes.
  static std::string lines(int count, std::size_t bytes) {
    std::string all;
    for (int i = 0; i < count; ++i) {
      std::string line = std::to_string(i);
      line.resize(bytes - 1, '.');
      all += line + "\n";
    }
    return all;
  }
  [[nodiscard]] std::size_t answered() {
    const std::string& all = harness_->sockets[fd_].received;
    return static_cast<std::size_t>(std::count(all.begin(), all.end(), '\n'));
  }
  [[nodiscard]] std::uint64_t closed(CloseReason reason) {
    return harness_->shard.stats.closed[static_cast<std::size_t>(reason)];
  }

  std::optional<ShardHarness> harness_;
  int fd_ = 0;
};

TEST_F(InboundRateTest, MessagesAboveTheRateWaitAndAreNotLost) {
  start(listener(10, 0));
  harness_->client_sends(fd_, lines(25, 8));
  EXPECT_EQ(answered(), 10U) << "the burst";
  harness_->advance(99ms);
  EXPECT_EQ(answered(), 10U);
  harness_->advance(1ms);
  EXPECT_EQ(answered(), 11U);
  harness_->advance(500ms);
  EXPECT_EQ(answered(), 16U);
  harness_->advance(900ms);
  EXPECT_EQ(harness_->sockets[fd_].received, lines(25, 8));
}

TEST_F(InboundRateTest, BytesAboveTheRateStayInTheKernel) {
  start(listener(0, 1'000));
  harness_->client_sends(fd_, lines(30, 100));
  EXPECT_EQ(harness_->sockets[fd_].consumed_bytes, 1'000U);
  EXPECT_EQ(answered(), 10U);
  harness_->advance(50ms);
  EXPECT_EQ(harness_->sockets[fd_].consumed_bytes, 1'050U);
  harness_->advance(950ms);
  EXPECT_EQ(harness_->sockets[fd_].consumed_bytes, 2'000U);
  for (int i = 0; i < 10; ++i) harness_->advance(100ms);
  EXPECT_EQ(harness_->sockets[fd_].received, lines(30, 100));
}

TEST_F(InboundRateTest, WhatArrivesWhileHeldBackIsReadLater) {
  start(listener(10, 0));
  harness_->client_sends(fd_, lines(11, 8));
  harness_->client_sends(fd_, "later\n");
  EXPECT_EQ(answered(), 10U);
  harness_->advance(200ms);
  EXPECT_EQ(harness_->sockets[fd_].received, lines(11, 8) + "later\n");
}

TEST_F(InboundRateTest, TheEndOfTheStreamWaitsForItsTurn) {
  start(listener(10, 0));
  harness_->client_sends_last(fd_, lines(11, 8));
  EXPECT_FALSE(harness_->sockets[fd_].saw_fin);
  harness_->advance(100ms);
  EXPECT_EQ(harness_->sockets[fd_].received, lines(11, 8));
  EXPECT_EQ(closed(CloseReason::kClientClosed), 1U);
}

TEST_F(InboundRateTest, WhoStaysBelowTheRateNoticesNothing) {
  start(listener(10, 1'000, 1s));
  for (int i = 0; i < 100; ++i) {
    harness_->client_sends(fd_, "x\n");
    EXPECT_EQ(answered(), static_cast<std::size_t>(i + 1));
    harness_->advance(100ms);
  }
  EXPECT_TRUE(harness_->closed.empty());
}

TEST_F(InboundRateTest, WhoIsTooFastForTooLongIsClosed) {
  start(listener(10, 0, 2s));
  for (int i = 0; i < 19; ++i) {
    harness_->client_sends(fd_, lines(20, 8));
    harness_->advance(100ms);
  }
  EXPECT_FALSE(harness_->sockets[fd_].saw_fin);
  harness_->client_sends(fd_, lines(20, 8));
  harness_->advance(100ms);
  EXPECT_TRUE(harness_->sockets[fd_].saw_fin);
  harness_->advance(2s);
  EXPECT_EQ(closed(CloseReason::kRateLimited), 1U);
}

TEST_F(InboundRateTest, WhoCatchesUpBetweenItsBurstsStays) {
  start(listener(10, 0, 2s));
  for (int burst = 0; burst < 10; ++burst) {
    harness_->client_sends(fd_, lines(20, 8));
    for (int i = 0; i < 20; ++i) harness_->advance(100ms);
    EXPECT_EQ(answered(), static_cast<std::size_t>(20 * (burst + 1)));
  }
  EXPECT_TRUE(harness_->closed.empty());
}

TEST_F(InboundRateTest, NobodyIsClosedWhereNoTimeIsGiven) {
  start(listener(1, 0));
  harness_->client_sends(fd_, lines(1'000, 8));
  for (int i = 0; i < 500; ++i) harness_->advance(1s);
  EXPECT_EQ(answered(), 501U);
  EXPECT_TRUE(harness_->closed.empty());
}

TEST_F(InboundRateTest, OneClientsRateIsNoOtherClients) {
  start(listener(10, 0));
  const int other = harness_->connect();
  harness_->client_sends(fd_, lines(50, 8));
  harness_->client_sends(other, lines(10, 8));
  EXPECT_EQ(harness_->sockets[other].received, lines(10, 8));
  EXPECT_EQ(answered(), 10U);
}

}  // namespace
}  // namespace crier::testing
