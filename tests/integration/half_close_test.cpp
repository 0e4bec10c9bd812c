// Clients that finish, vanish, or leave input unread.
#include "tests/integration/dataplane_fixture.hpp"
#include "tests/integration/stall.hpp"

namespace crier::testing {
namespace {

using namespace dataplane;

using HalfCloseTest = DataplaneTest;

TEST_F(HalfCloseTest, ClientThatFinishesGetsEverythingQueuedThenTheEnd) {
  auto& plane = start(config_that_stalls(64));
  auto client = plane.connect(0, kSmallWindow);
  const ClientId id = plane.id_of(*client);
  Series series;
  stall(plane, series);
  for (int i = 0; i < 20; ++i) series.broadcast_next(plane);
  client->finish();
  ASSERT_TRUE(await([&] { return plane.get(id)->state == ClientState::kHalfClosed; }));
  EXPECT_EQ(plane.broadcast("later").matched, 0U) << "a FIN unsubscribes";
  EXPECT_EQ(client->read_to_end(), stamped_lines(series.queued));
  plane.await_closed(CloseReason::kClientClosed);
}

TEST_F(HalfCloseTest, FlushThatTakesTooLongIsGivenUp) {
  Config config = config_that_stalls(64);
  config.flush = std::chrono::milliseconds(50);
  auto& plane = start(config);
  auto client = plane.connect(0, kSmallWindow);
  Series series;
  stall(plane, series);
  client->finish();
  plane.await_closed(CloseReason::kClientClosed);
  const Stats stats = plane->stats();
  EXPECT_GE(stats.shards.discarded[static_cast<std::size_t>(CloseReason::kClientClosed)], 1U);
}

TEST_F(HalfCloseTest, FinThatComesWithTheLastRequestLosesNoReply) {
  auto& plane = start(config_that_stalls(1'000, "echo"));
  for (int i = 0; i < 50; ++i) {
    TcpClient client(plane.address());
    client.send("a\nb\nc\n");
    client.finish();
    EXPECT_EQ(client.read_to_end(), "a\nb\nc\n");
  }
  plane.await_closed(CloseReason::kClientClosed, 50);
}

TEST_F(HalfCloseTest, ResetEndsOnlyThatClient) {
  auto& plane = start(config_that_stalls(64));
  auto other = plane.connect();
  auto client = plane.connect(0, kSmallWindow);
  Series series;
  while (series.dropped == 0) {
    series.broadcast_next(plane);
    EXPECT_EQ(other->read_line().size(), kStampedBytes + 1);
  }
  client->reset();
  plane.await_closed(CloseReason::kReset);
  EXPECT_EQ(plane.broadcast("still here").queued, 1U);
  EXPECT_EQ(other->read_line(), "still here\n");
}

TEST_F(HalfCloseTest, BroadcastsToClientsThatResetMeanwhileAreAccountedFor) {
  auto& plane = start(loopback_listener());
  auto other = plane.connect();
  for (int round = 0; round < 30; ++round) {
    auto clients = plane.connect(0, 4);
    for (const auto& client : clients) client->reset();
    const BroadcastResult result = plane.broadcast("x");
    EXPECT_EQ(result.matched, result.queued + total(result.dropped));
    EXPECT_EQ(other->read_line(), "x\n");
    plane.await_connections(1);
  }
}

// Closing a socket with unread input makes the kernel throw away what it took and has not sent.
TEST_F(HalfCloseTest, UnreadInputAtTheEndCostsNoFrame) {
  Config config = config_that_stalls(1'000);
  config.linger = kPatience;
  auto& plane = start(config);
  auto client = plane.connect(0, kSmallWindow);
  Series series;
  stall(plane, series);
  for (int i = 0; i < 20; ++i) series.broadcast_next(plane);
  client->send(std::string(100'000, 'x'));  // far over max_frame_bytes
  plane.await_stats([](const Stats& stats) { return stats.shards.received_bytes == 100'000; });
  EXPECT_EQ(client->read_to_end(), stamped_lines(series.queued));
  client->finish();
  plane.await_closed(CloseReason::kFrameTooLarge);
}

TEST_F(HalfCloseTest, LingeringEndsWhereTheClientNeverDoes) {
  Config config = config_that_stalls(64);
  config.linger = std::chrono::milliseconds(50);
  auto& plane = start(config);
  auto client = plane.connect();
  (void)plane.disconnect({std::vector{plane.id_of(*client)}, {}, true, false, ""});
  plane.await_closed(CloseReason::kDisconnected);
  EXPECT_EQ(client->read_to_end(), "");
}

}  // namespace
}  // namespace crier::testing
