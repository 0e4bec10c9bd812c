// Disconnect: whom it meets and what becomes of their queues.
#include <algorithm>

#include "tests/integration/dataplane_fixture.hpp"
#include "tests/integration/stall.hpp"

namespace crier::testing {
namespace {

using namespace dataplane;

using DisconnectTest = DataplaneTest;

DisconnectRequest naming(std::vector<ClientId> ids) {
  return {std::move(ids), {}, false, false, "test"};
}

TEST_F(DisconnectTest, NamedClientsGoAndOthersStay) {
  auto& plane = start(loopback_listener());
  auto clients = plane.connect(0, 6);
  const ClientId first = plane.id_of(*clients[0]);
  const ClientId last = plane.id_of(*clients[5]);
  ClientId unknown = first;
  ++unknown.serial;
  unknown.slot += 1'000;
  ClientId foreign = first;
  ++foreign.incarnation;
  const auto result = plane.disconnect(naming({first, unknown, last, first, foreign}));
  EXPECT_EQ(result.matched, 2U);
  EXPECT_EQ(result.disconnected, 2U);
  std::vector<ClientId> expected{unknown, foreign};
  std::vector<ClientId> got = result.unknown;
  std::sort(expected.begin(), expected.end());
  std::sort(got.begin(), got.end());
  EXPECT_EQ(got, expected);
  EXPECT_EQ(clients[0]->read_to_end(), "");
  EXPECT_EQ(clients[5]->read_to_end(), "");
  EXPECT_EQ(plane.broadcast("x").queued, 4U);
  for (std::size_t i = 1; i < 5; ++i) EXPECT_EQ(clients[i]->read_line(), "x\n");
}

TEST_F(DisconnectTest, EverybodyOfAListener) {
  auto& plane = start(config_of({loopback_listener("a"), loopback_listener("b")}));
  auto a = plane.connect(0, 300);  // more than a shard serves in one turn
  auto b = plane.connect(1, 3);
  DisconnectRequest request;
  request.listener = 0;
  EXPECT_EQ(plane.disconnect(request).disconnected, 300U);
  for (const auto& client : a) EXPECT_EQ(client->read_to_end(), "");
  EXPECT_EQ(plane.broadcast("x").queued, 3U);
  request.listener = {};
  a.clear();
  plane.await_connections(3);
  EXPECT_EQ(plane.disconnect(request).disconnected, 3U);
  for (const auto& client : b) EXPECT_EQ(client->read_line() + client->read_to_end(), "x\n");
}

TEST_F(DisconnectTest, NamedClientOfAnotherListenerIsUnknown) {
  auto& plane = start(config_of({loopback_listener("a"), loopback_listener("b")}));
  auto client = plane.connect(0);
  DisconnectRequest request = naming({plane.id_of(*client)});
  request.listener = 1;
  const auto result = plane.disconnect(request);
  EXPECT_EQ(result.matched, 0U);
  EXPECT_EQ(result.unknown.size(), 1U);
  EXPECT_EQ(plane.broadcast("x").queued, 1U);
}

TEST_F(DisconnectTest, ValidateOnlyTouchesNobody) {
  auto& plane = start(loopback_listener());
  auto clients = plane.connect(0, 3);
  DisconnectRequest request;
  request.validate_only = true;
  const auto result = plane.disconnect(request);
  EXPECT_EQ(result.matched, 3U);
  EXPECT_EQ(result.disconnected, 3U) << "those that it would disconnect";
  EXPECT_EQ(plane.broadcast("x").queued, 3U);
}

TEST_F(DisconnectTest, FlushSendsWhatIsQueuedFirst) {
  auto& plane = start(config_that_stalls(64));
  auto client = plane.connect(0, kSmallWindow);
  Series series;
  stall(plane, series);
  for (int i = 0; i < 20; ++i) series.broadcast_next(plane);
  DisconnectRequest request = naming({plane.id_of(*client)});
  request.flush = true;
  EXPECT_EQ(plane.disconnect(request).disconnected, 1U);
  const auto again = plane.disconnect(request);
  EXPECT_EQ(again.matched, 1U);
  EXPECT_EQ(again.disconnected, 0U) << "it is already on its way out";
  EXPECT_EQ(client->read_to_end(), stamped_lines(series.queued));
  client->finish();
  plane.await_closed(CloseReason::kDisconnected);
}

TEST_F(DisconnectTest, WithoutFlushWhatTheKernelTookStillArrives) {
  auto& plane = start(config_that_stalls(64));
  auto client = plane.connect(0, kSmallWindow);
  Series series;
  stall(plane, series);
  for (int i = 0; i < 20; ++i) series.broadcast_next(plane);
  const ClientId id = plane.id_of(*client);
  const std::uint64_t sent_bytes = plane.get(id)->sent_bytes;
  EXPECT_EQ(plane.disconnect(naming({id})).disconnected, 1U);
  const std::string got = client->read_to_end();
  EXPECT_GE(got.size(), sent_bytes);
  EXPECT_EQ(got, stamped_lines(series.queued).substr(0, got.size()));
  client->finish();
  plane.await_closed(CloseReason::kDisconnected);
  const Stats stats = plane->stats();
  EXPECT_GE(stats.shards.discarded[static_cast<std::size_t>(CloseReason::kDisconnected)], 1U);
}

}  // namespace
}  // namespace crier::testing
