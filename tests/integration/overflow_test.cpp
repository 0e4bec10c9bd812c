// Clients that read too slowly, under each policy.
#include <algorithm>

#include "tests/integration/dataplane_fixture.hpp"
#include "tests/integration/stall.hpp"

namespace crier::testing {
namespace {

using namespace dataplane;

using OverflowTest = DataplaneTest;

std::uint64_t dropped(const BroadcastResult& result, DropReason reason) {
  return result.dropped[static_cast<std::size_t>(reason)];
}

TEST_F(OverflowTest, DropNewestKeepsWhatIsQueued) {
  auto& plane = start(config_that_stalls(128));
  auto client = plane.connect(0, kSmallWindow);
  Series series;
  while (series.dropped < 5) {
    series.broadcast_next(plane);
    EXPECT_EQ(series.last.matched, 1U);
    EXPECT_EQ(series.last.queued + dropped(series.last, DropReason::kQueueFull), 1U);
  }
  const auto info = plane.get(plane.id_of(*client));
  EXPECT_LE(info->queued_frames, 128U);
  EXPECT_EQ(info->state, ClientState::kSlow);
  EXPECT_EQ(info->dropped[static_cast<std::size_t>(DropReason::kQueueFull)], 5U);
  const std::string expected = stamped_lines(series.queued);
  EXPECT_EQ(client->read(expected.size()), expected);
  (void)plane.broadcast("room again");
  EXPECT_EQ(client->read_line(), "room again\n");
}

TEST_F(OverflowTest, DropOldestKeepsTheNewest) {
  Config config = config_that_stalls(8);
  config.listeners[0].queue.overflow = OverflowPolicy::kDropOldest;
  auto& plane = start(config);
  auto client = plane.connect(0, kSmallWindow);
  Series series;
  while (series.evicted < 20) {
    series.broadcast_next(plane);
    EXPECT_EQ(series.last.queued, 1U);
  }
  const std::string got =
      client->read((series.queued.size() - series.evicted) * (kStampedBytes + 1));
  std::vector<std::uint64_t> kept;
  for (std::size_t at = 0; at < got.size(); at += kStampedBytes + 1) {
    kept.push_back(std::stoull(got.substr(at, 10)));
  }
  EXPECT_EQ(got, stamped_lines(kept));
  EXPECT_TRUE(std::is_sorted(kept.begin(), kept.end()));
  const std::vector<std::uint64_t> newest(series.queued.end() - 7, series.queued.end());
  EXPECT_EQ(std::vector(kept.end() - 7, kept.end()), newest);
  EXPECT_EQ(plane->stats().shards.dropped[static_cast<std::size_t>(DropReason::kEvicted)], 20U);
}

TEST_F(OverflowTest, DisconnectClosesTheSlowClientOverTheFrame) {
  Config config = config_that_stalls(8);
  config.listeners[0].queue.overflow = OverflowPolicy::kDisconnect;
  auto& plane = start(config);
  auto client = plane.connect(0, kSmallWindow);
  Series series;
  while (series.dropped == 0) series.broadcast_next(plane);
  EXPECT_EQ(dropped(series.last, DropReason::kTooSlow), 1U);
  plane.await_closed(CloseReason::kSlowConsumer);
  const std::string got = client->read_to_any_end();
  EXPECT_EQ(got, stamped_lines(series.queued).substr(0, got.size()));
  const Stats stats = plane->stats();
  EXPECT_EQ(stats.shards.discarded[static_cast<std::size_t>(CloseReason::kSlowConsumer)], 8U);
}

TEST_F(OverflowTest, OneBroadcastMayHaveAPolicyOfItsOwn) {
  auto& plane = start(config_that_stalls(8));
  auto client = plane.connect(0, kSmallWindow);
  Series series;
  while (series.dropped == 0) series.broadcast_next(plane);
  Broadcast broadcast;
  broadcast.payload = "urgent";
  broadcast.overflow = OverflowPolicy::kDropOldest;
  BroadcastResult result;
  while (result.evicted == 0) {
    result = plane.broadcast(broadcast);
    EXPECT_EQ(result.queued, 1U);
  }
  broadcast.overflow = OverflowPolicy::kDisconnect;
  while (dropped(result, DropReason::kTooSlow) == 0) result = plane.broadcast(broadcast);
  plane.await_closed(CloseReason::kSlowConsumer);
}

TEST_F(OverflowTest, SlowClientDoesNotDelayOthers) {
  auto& plane = start(config_that_stalls(8));
  auto slow = plane.connect(0, kSmallWindow);
  Series warm_up;
  while (warm_up.dropped == 0) warm_up.broadcast_next(plane);
  auto others = plane.connect(0, 5);
  Series series;
  for (int i = 0; i < 200; ++i) {
    series.broadcast_next(plane);
    EXPECT_GE(series.last.queued, others.size());
    const std::string expected = stamped(static_cast<std::uint64_t>(i)) + "\n";
    for (const auto& other : others) EXPECT_EQ(other->read_line(), expected);
  }
  EXPECT_GE(series.dropped, 1U) << "frames of the slow client";
}

TEST_F(OverflowTest, BytesBoundTheQueueAsFramesDo) {
  Config config = config_that_stalls(1'000);
  config.max_payload_bytes = 5'000;
  config.listeners[0].queue.max_bytes = 10'000;
  auto& plane = start(config);
  auto client = plane.connect(0, kSmallWindow);
  Series series;
  while (series.dropped == 0) {
    series.broadcast_next(plane);
    EXPECT_LE(plane->stats().shards.queued_bytes, 10'000U);
  }
  const std::string expected = stamped_lines(series.queued);
  EXPECT_EQ(client->read(expected.size()), expected);
}

// --- max_frames 0

TEST_F(OverflowTest, UnqueuedFramesLeaveAtOnceOrAreDropped) {
  auto& plane = start(config_that_stalls(0));
  auto client = plane.connect(0, kSmallWindow);
  const ClientId id = plane.id_of(*client);
  Series series;
  std::string stream;
  for (int round = 0; round < 3; ++round) {
    const std::uint64_t before = series.dropped;
    while (series.dropped < before + 5) {
      series.broadcast_next(plane);
      EXPECT_LE(plane.get(id)->queued_frames, 1U) << "more than one unsent tail";
    }
    stream += client->read(stamped_lines(series.queued).size() - stream.size());
    EXPECT_EQ(stream, stamped_lines(series.queued));
    plane.await_stats([](const Stats& stats) { return stats.shards.queued_frames == 0; });
  }
}

TEST_F(OverflowTest, UnqueuedFramesOfAClientThatReadsAreNeverDropped) {
  auto& plane = start(config_that_stalls(0));
  auto client = plane.connect();
  for (std::uint64_t i = 0; i < 200; ++i) {
    EXPECT_EQ(plane.broadcast(stamped(i)).queued, 1U);
    EXPECT_EQ(client->read_line(), stamped(i) + "\n");
  }
}

TEST_F(OverflowTest, UnqueuedFrameMayCostTheConnection) {
  Config config = config_that_stalls(0);
  config.listeners[0].queue.overflow = OverflowPolicy::kDisconnect;
  auto& plane = start(config);
  auto client = plane.connect(0, kSmallWindow);
  Series series;
  while (series.dropped == 0) series.broadcast_next(plane);
  EXPECT_EQ(dropped(series.last, DropReason::kTooSlow), 1U);
  plane.await_closed(CloseReason::kSlowConsumer);
}

}  // namespace
}  // namespace crier::testing
