// Who is closed where queues hold too much, over scripted sockets and a clock moved by hand.
#include "dataplane/shard/eviction.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/dataplane/model/shard_harness.hpp"

namespace crier::testing {
namespace {

using namespace dataplane;
using namespace std::chrono_literals;

constexpr std::uint64_t kBudget = 1'000'000;
constexpr std::size_t kFrameBytes = 50'000;  // a twentieth of the budget

class EvictionTest : public ::testing::Test {
 protected:
  EvictionTest() {
    harness_.queue_memory.tell([this] { changed_ = true; });
  }
  ~EvictionTest() override { harness_.queue_memory.tell(nullptr); }

  int stalled_client() {
    const int fd = harness_.connect();
    harness_.sockets[fd].window = 0;
    return fd;
  }
  // One frame for one client, and time goes by.
  void send(int fd, std::size_t bytes = kFrameBytes) {
    Broadcast broadcast;
    broadcast.payload = std::string(bytes, 'x');
    broadcast.target.only = std::vector<ClientId>{harness_.id(fd)};
    harness_.broadcast(broadcast);
    harness_.run();
    harness_.advance(1ms);
  }
  void fill(int fd, int frames) {
    for (int i = 0; i < frames; ++i) send(fd);
  }
  // What a shard's turns do.
  void settle() {
    if (std::exchange(changed_, false)) eviction_.begin();
    while (!eviction_.idle()) {
      eviction_.step();
      harness_.end_turn();
      if (std::exchange(changed_, false)) eviction_.begin();
    }
  }
  void grow_old() {
    harness_.advance(Eviction::kBehind);
    eviction_.expire(harness_.shard.now);
    settle();
  }
  [[nodiscard]] std::vector<int> evicted() const {
    std::vector<int> all;
    for (const ClosedClient& client : harness_.closed) {
      if (client.reason == CloseReason::kMemory) all.push_back(static_cast<int>(client.id.slot));
    }
    return all;
  }
  [[nodiscard]] static ListenerConfig listener() {
    ListenerConfig config;
    config.max_frame_bytes = 64U << 10U;
    return config;
  }

  ShardHarness harness_{{listener()}, nullptr, kBudget};
  Eviction eviction_{harness_.shard, harness_.table};
  bool changed_ = false;
};

TEST_F(EvictionTest, NobodyIsClosedBelowTheLevel) {
  fill(stalled_client(), 17);
  EXPECT_EQ(harness_.queue_memory.level(), PressureLevel::kShed);
  grow_old();
  EXPECT_TRUE(evicted().empty());
  EXPECT_EQ(eviction_.soonest(), kNever);
}

TEST_F(EvictionTest, TheOldestFramesGoFirstUntilTheLevelFalls) {
  const int young = stalled_client();
  const int old = stalled_client();
  const int middle = stalled_client();
  fill(old, 3);
  fill(middle, 8);
  fill(young, 8);
  ASSERT_EQ(harness_.queue_memory.level(), PressureLevel::kEvict);
  settle();
  EXPECT_TRUE(evicted().empty()) << "nobody has been behind for long";
  grow_old();
  EXPECT_EQ(evicted(), (std::vector{old, middle}));
  EXPECT_EQ(harness_.queue_memory.level(), PressureLevel::kCalm);
  ASSERT_NE(harness_.connection(young), nullptr);
}

TEST_F(EvictionTest, OfEqualAgeTheLongestQueueGoesFirst) {
  std::vector<int> clients;
  for (int i = 0; i < 3; ++i) clients.push_back(stalled_client());
  Broadcast shared;
  shared.payload = "first";
  harness_.broadcast(shared);
  harness_.run();
  fill(clients[0], 4);
  fill(clients[1], 9);
  fill(clients[2], 6);
  grow_old();
  EXPECT_EQ(evicted(), (std::vector{clients[1]}));
}

TEST_F(EvictionTest, WhoReadsStays) {
  const int healthy = harness_.connect();
  const int stalled = stalled_client();
  fill(stalled, 19);
  for (int i = 0; i < 50; ++i) send(healthy);
  grow_old();
  EXPECT_EQ(evicted(), std::vector{stalled});
  EXPECT_EQ(harness_.sockets[healthy].received.size(), 50 * (kFrameBytes + 1));
}

TEST_F(EvictionTest, WhoHasCaughtUpSinceTheScanStays) {
  const int first = stalled_client();
  const int second = stalled_client();
  fill(first, 10);
  fill(second, 9);
  harness_.advance(Eviction::kBehind);
  eviction_.begin();
  eviction_.step();  // the scan
  harness_.client_reads(first, 10 * (kFrameBytes + 1));
  send(first);
  fill(second, 10);
  ASSERT_EQ(harness_.queue_memory.level(), PressureLevel::kFull);
  while (!eviction_.idle()) {
    eviction_.step();
    harness_.end_turn();
  }
  EXPECT_EQ(evicted(), std::vector{second});
  ASSERT_NE(harness_.connection(first), nullptr);
}

TEST_F(EvictionTest, AFrameThatManyShareIsFreedWithItsLastHolder) {
  std::vector<int> clients;
  for (int i = 0; i < 200; ++i) clients.push_back(stalled_client());
  for (int i = 0; i < 19; ++i) {
    Broadcast broadcast;
    broadcast.payload = std::string(kFrameBytes, 'x');
    harness_.broadcast(broadcast);
    harness_.run();
  }
  ASSERT_GE(harness_.queue_memory.level(), PressureLevel::kEvict);
  grow_old();
  EXPECT_EQ(evicted().size(), clients.size());
  EXPECT_EQ(harness_.queue_memory.level(), PressureLevel::kCalm);
  EXPECT_TRUE(eviction_.idle());
}

TEST_F(EvictionTest, OneStepClosesABoundedNumber) {
  for (int i = 0; i < 200; ++i) (void)stalled_client();
  Broadcast broadcast;
  broadcast.payload = std::string(kFrameBytes, 'x');
  for (int i = 0; i < 19; ++i) {
    harness_.broadcast(broadcast);
    harness_.run();
  }
  harness_.advance(Eviction::kBehind);
  eviction_.begin();
  eviction_.step();  // the scan
  eviction_.step();
  harness_.end_turn();
  EXPECT_EQ(evicted().size(), 64U);
}

TEST_F(EvictionTest, AClientThatDropsItsOldestFramesIsBehindOnceFramesAreRefused) {
  const int fd = stalled_client();
  Broadcast broadcast;
  broadcast.payload = std::string(kFrameBytes, 'x');
  broadcast.overflow = OverflowPolicy::kDropOldest;
  for (int i = 0; i < 100; ++i) {
    harness_.broadcast(broadcast);
    harness_.run();
    harness_.advance(20ms);
    eviction_.expire(harness_.shard.now);
    settle();
  }
  EXPECT_EQ(evicted(), std::vector{fd});
}

TEST_F(EvictionTest, StalledClientsHaveLessTimeWhileNobodyIsLetIn) {
  const int fd = stalled_client();
  send(fd);
  harness_.advance(kShedWriteStall);
  ASSERT_NE(harness_.connection(fd), nullptr);
  fill(fd, 16);
  ASSERT_EQ(harness_.queue_memory.level(), PressureLevel::kShed);
  settle();
  harness_.advance(0ms);
  ASSERT_EQ(harness_.closed.size(), 1U);
  EXPECT_EQ(harness_.closed[0].reason, CloseReason::kWriteStall);
}

// --- Replies

TEST(RepliesUnderPressure, AreNotMadeWhileFull) {
  ListenerConfig config;
  config.processor = "echo";
  ShardHarness harness({config}, nullptr, kBudget);
  const int fd = harness.connect();
  harness.queue_memory.take(kBudget);
  harness.client_sends(fd, "one\ntwo\n");
  EXPECT_EQ(harness.sockets[fd].received, "");
  harness.client_reads(fd, ScriptedSockets::kUnlimited);
  EXPECT_EQ(harness.sockets[fd].received, "");
  EXPECT_EQ(harness.shard.awaiting_node.size(), 1U) << "waits once, however often it was looked at";
  harness.node_has_room();
  EXPECT_EQ(harness.sockets[fd].received, "") << "woken in vain";
  harness.queue_memory.give_back(kBudget);
  harness.node_has_room();
  EXPECT_EQ(harness.sockets[fd].received, "one\ntwo\n");
  EXPECT_TRUE(harness.shard.awaiting_node.empty());
}

}  // namespace
}  // namespace crier::testing
