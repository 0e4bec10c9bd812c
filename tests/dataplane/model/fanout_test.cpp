// Broadcasts through one shard, step by step.
#include "dataplane/fanout/fanout.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/dataplane/model/shard_harness.hpp"

namespace crier::testing {
namespace {

using namespace dataplane;

constexpr auto kClosing = static_cast<std::size_t>(DropReason::kClosing);

ListenerConfig listener(std::uint32_t max_frames) {
  ListenerConfig config;
  config.queue.max_frames = max_frames;
  return config;
}

Broadcast broadcast_of(std::string payload) {
  Broadcast broadcast;
  broadcast.payload = std::move(payload);
  return broadcast;
}

std::size_t reached(ShardHarness& harness) {
  std::size_t count = 0;
  for (std::size_t fd = 0; fd < harness.ids().size(); ++fd) {
    count += harness.sockets[static_cast<int>(fd)].received.empty() ? 0 : 1;
  }
  return count;
}

TEST(FanoutTest, AStepVisitsABoundedNumberOfConnections) {
  ShardHarness harness({listener(4)});
  for (int i = 0; i < 600; ++i) harness.connect();
  const auto result = harness.broadcast(broadcast_of("x"));
  harness.step();
  EXPECT_EQ(reached(harness), 256U);
  harness.run();
  EXPECT_EQ(reached(harness), 600U);
  EXPECT_EQ(result->matched, 600U);
}

TEST(FanoutTest, NoBroadcastOvertakesAnother) {
  ShardHarness harness({listener(4)});
  for (int i = 0; i < 300; ++i) harness.connect();
  harness.broadcast(broadcast_of("a"));
  harness.step();
  harness.broadcast(broadcast_of("b"));
  Broadcast named = broadcast_of("c");
  named.target.only = std::vector<ClientId>{harness.id(0), harness.id(299)};
  harness.broadcast(named);
  harness.broadcast(broadcast_of("d"));
  harness.run();
  EXPECT_EQ(harness.sockets[0].received, "a\nb\nc\nd\n");
  EXPECT_EQ(harness.sockets[1].received, "a\nb\nd\n");
}

TEST(FanoutTest, TheStartOfTheWalkRotates) {
  ShardHarness harness({listener(4)});
  for (int i = 0; i < 300; ++i) harness.connect();
  std::vector<std::string> first_steps;
  for (int round = 0; round < 2; ++round) {
    harness.broadcast(broadcast_of("x"));
    harness.step();
    std::string got;
    for (int fd = 0; fd < 300; ++fd) {
      got += harness.sockets[fd].received.size() > 2U * round ? 'x' : '-';
    }
    first_steps.push_back(got);
    harness.run();
  }
  EXPECT_NE(first_steps[0], first_steps[1]);
}

TEST(FanoutTest, NamedClientsAreReachedWithoutAWalk) {
  ShardHarness harness({listener(4)});
  for (int i = 0; i < 1000; ++i) harness.connect();
  Broadcast named = broadcast_of("x");
  named.target.only = std::vector<ClientId>{harness.id(999)};
  harness.broadcast(named);
  harness.step();
  EXPECT_EQ(harness.sockets[999].received, "x\n");
}

// The queue holds one frame, so the first frame is sent before the second is queued; then the peer
// is gone.
TEST(FanoutTest, OnlyFramesThatDidNotLeaveAreTakenBackFromAWalk) {
  ShardHarness harness({listener(1)});
  const int fd = harness.connect();
  harness.sockets[fd].breaks_after_sends = 1;
  const auto sent = harness.broadcast(broadcast_of("sent"));
  const auto lost = harness.broadcast(broadcast_of("lost"));
  harness.run();
  EXPECT_EQ(harness.sockets[fd].received, "sent\n");
  EXPECT_EQ(sent->queued, 1U);
  EXPECT_EQ(lost->queued, 0U);
  EXPECT_EQ(lost->dropped[kClosing], 1U);
}

TEST(FanoutTest, OnlyFramesThatDidNotLeaveAreTakenBackFromNamedClients) {
  ShardHarness harness({listener(1)});
  const int fd = harness.connect();
  harness.sockets[fd].breaks_after_sends = 1;
  std::vector<std::shared_ptr<BroadcastResult>> results;
  for (const char* payload : {"sent", "lost"}) {
    Broadcast named = broadcast_of(payload);
    named.target.only = std::vector<ClientId>{harness.id(fd)};
    results.push_back(harness.broadcast(named));
  }
  harness.run();
  EXPECT_EQ(results[0]->queued, 1U);
  EXPECT_EQ(results[0]->dropped[kClosing], 0U);
  EXPECT_EQ(results[1]->dropped[kClosing], 1U);
}

TEST(FanoutTest, BlocksGoBackWhenNobodyHoldsThem) {
  ShardHarness harness({listener(4)});
  harness.connect();
  const std::uint64_t before = harness.shard.blocks.retained_bytes();
  for (int i = 0; i < 2000; ++i) harness.broadcast(broadcast_of(std::string(100, 'x')));
  harness.broadcast(broadcast_of(std::string(100'000, 'y')));
  harness.run();
  EXPECT_LE(harness.shard.blocks.retained_bytes(), before + sizeof(SmallBlock));
  harness.shard.blocks.trim();
  EXPECT_LE(harness.queue_memory.retained(), before + allocation_bytes(sizeof(SmallBlock)));
}

}  // namespace
}  // namespace crier::testing
