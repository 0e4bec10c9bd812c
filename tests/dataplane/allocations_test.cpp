// What a connection and a delivery cost in heap, counted: properties, whatever the machine.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <new>
#include <string>

#include "tests/support/allocation_count.hpp"
#include "tests/support/null_shard.hpp"

namespace crier::dataplane {
namespace {

using testing::allocation_count;
using testing::NullShard;

constexpr std::size_t kClients = 1024;
const std::string kPayload(64, 'x');

// Allocations while all clients get what was submitted.
std::uint64_t allocations_of_walk(NullShard& node) {
  const std::uint64_t before = allocation_count().allocations;
  node.run();
  return allocation_count().allocations - before;
}

TEST(Allocations, TheCounterSeesAnAllocationAndItsEnd) {
  const auto before = allocation_count();
  void* block = ::operator new(1000);
  const auto during = allocation_count();
  ::operator delete(block);
  const auto after = allocation_count();

  EXPECT_EQ(during.allocations, before.allocations + 1);
  EXPECT_GE(during.live_bytes, before.live_bytes + 1000);
  EXPECT_EQ(after.live_bytes, before.live_bytes);
}

TEST(Allocations, ADeliveryToAClientThatReadsTakesNone) {
  NullShard node;
  node.connect(kClients);
  node.submit(kPayload);
  node.run();

  node.submit(kPayload);
  node.sockets.send_calls = 0;
  EXPECT_EQ(allocations_of_walk(node), 0U);
  EXPECT_EQ(node.queued, 2 * kClients);
  EXPECT_EQ(node.sockets.send_calls, kClients);
}

TEST(Allocations, ABurstTakesNoneAndOneSystemCallForEachClient) {
  constexpr std::size_t kBurst = 100;
  NullShard node;
  node.connect(kClients);
  node.submit(kPayload, kBurst);
  node.run();

  node.submit(kPayload, kBurst);
  node.sockets.send_calls = 0;
  EXPECT_EQ(allocations_of_walk(node), 0U);
  EXPECT_EQ(node.queued, 2 * kBurst * kClients);
  EXPECT_EQ(node.sockets.send_calls, kClients);
}

TEST(Allocations, QueueingForAClientThatDoesNotReadTakesNone) {
  NullShard node;
  node.connect(kClients);
  // Fills and empties each queue once: what it keeps for good is there afterwards, as are the
  // blocks that the shard keeps for reuse.
  node.sockets.full = true;
  node.submit(kPayload, 600);
  node.run();
  node.sockets.full = false;
  node.drain();

  node.sockets.full = true;
  for (int i = 0; i < 100; ++i) {
    node.submit(kPayload);
    EXPECT_EQ(allocations_of_walk(node), 0U) << "broadcast " << i;
  }
  EXPECT_EQ(node.shard.stats.queued_frames, 100 * kClients);
  node.sockets.full = false;
  const std::uint64_t before = allocation_count().allocations;
  node.drain();
  EXPECT_EQ(allocation_count().allocations - before, 0U);
  EXPECT_EQ(node.shard.stats.queued_frames, 0U);
}

// Sanitizers make the frames of the tasks larger than the room for them.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t kAllocationsPerConnection = 2;
constexpr double kBytesPerConnection = 900;
#else
constexpr std::uint64_t kAllocationsPerConnection = 0;
constexpr double kBytesPerConnection = 457;
#endif

TEST(Allocations, AConnectionInAFreedSlotTakesNone) {
  NullShard node;
  node.connect(kClients + 1);
  // One stays in each chunk of slots, so that these stay, too.
  const std::size_t gone = node.disconnect_all_but_every(32);
  const std::uint64_t before = allocation_count().allocations;
  node.connect(gone);
  EXPECT_LE(allocation_count().allocations - before, kAllocationsPerConnection * gone);
}

TEST(Allocations, AnIdleConnectionStaysWithinItsBytes) {
  NullShard node;
  node.connect(1);
  const std::int64_t before = allocation_count().live_bytes;
  node.connect(16 * kClients);
  const auto bytes = static_cast<double>(allocation_count().live_bytes - before);
  const double each = bytes / (16.0 * kClients);
  RecordProperty("bytes_per_connection", std::to_string(each));
  RecordProperty("sizeof_connection", std::to_string(sizeof(Connection)));
  EXPECT_LE(each, kBytesPerConnection);
  EXPECT_GE(each, static_cast<double>(sizeof(Connection)));
}

TEST(Allocations, AConnectionGivesAllBackWhenItEnds) {
  NullShard node;
  node.connect(16 * kClients);
  node.disconnect_all();
  const std::int64_t before = allocation_count().live_bytes;
  node.connect(16 * kClients);
  node.disconnect_all();
  EXPECT_EQ(allocation_count().live_bytes, before);
}

}  // namespace
}  // namespace crier::dataplane
