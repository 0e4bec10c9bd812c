// Who gets a broadcast, in which bytes, and what its answer says.
#include <algorithm>

#include "tests/integration/dataplane_fixture.hpp"
#include "tests/integration/stall.hpp"

namespace crier::testing {
namespace {

using namespace dataplane;
using namespace std::string_literals;

using BroadcastTest = DataplaneTest;

std::uint64_t dropped(const BroadcastResult& result, DropReason reason) {
  return result.dropped[static_cast<std::size_t>(reason)];
}

TEST_F(BroadcastTest, EncodesForEachListenersFraming) {
  const std::vector<FramingConfig> framings{
      {FramingKind::kLine, 4, 2},   {FramingKind::kLength, 1, 2}, {FramingKind::kLength, 2, 2},
      {FramingKind::kLength, 4, 2}, {FramingKind::kVarint, 4, 2}, {FramingKind::kFixed, 4, 2}};
  const std::string payload(200, 'x');
  const std::vector<std::string> wires{payload + "\n",        "\xC8"s + payload,
                                       "\x00\xC8"s + payload, "\x00\x00\x00\xC8"s + payload,
                                       "\xC8\x01"s + payload, payload};
  std::vector<ListenerConfig> listeners;
  for (std::size_t i = 0; i < framings.size(); ++i) {
    listeners.push_back(loopback_listener(std::to_string(i), "discard", framings[i]));
  }
  auto& plane = start(config_of(listeners));
  std::vector<std::vector<std::unique_ptr<TcpClient>>> clients;
  for (std::size_t i = 0; i < framings.size(); ++i) clients.push_back(plane.connect(i, 3));
  const BroadcastResult result = plane.broadcast(payload);
  EXPECT_EQ(result.matched, 18U);
  EXPECT_EQ(result.queued, 18U);
  for (std::size_t i = 0; i < framings.size(); ++i) {
    for (const auto& client : clients[i]) EXPECT_EQ(client->read(wires[i].size()), wires[i]) << i;
  }
}

class TargetTest : public DataplaneTest {
 protected:
  // Two clients on each of two listeners.
  void SetUp() override {
    plane_ = &start(config_of({loopback_listener("a"), loopback_listener("b")}));
    for (std::size_t i = 0; i < 4; ++i) {
      clients_.push_back(plane_->connect(i / 2));
      ids_.push_back(plane_->id_of(*clients_.back()));
    }
  }
  void TearDown() override {
    clients_.clear();
    DataplaneTest::TearDown();
  }

  // Who got `payload`, found out by a broadcast to everybody behind it.
  std::string receivers_of(const std::string& payload) {
    EXPECT_EQ(plane_->broadcast("end").queued, clients_.size());
    std::string receivers;
    for (std::size_t i = 0; i < clients_.size(); ++i) {
      std::string line = clients_[i]->read_line();
      if (line == payload + "\n") {
        receivers += std::to_string(i);
        line = clients_[i]->read_line();
      }
      EXPECT_EQ(line, "end\n");
    }
    return receivers;
  }

  RunningDataplane* plane_ = nullptr;
  std::vector<std::unique_ptr<TcpClient>> clients_;
  std::vector<ClientId> ids_;
};

TEST_F(TargetTest, ListenerPicksItsClients) {
  EXPECT_EQ(plane_->broadcast("x", {{}, {}, ListenerIndex{1}}).matched, 2U);
  EXPECT_EQ(receivers_of("x"), "23");
}

TEST_F(TargetTest, ExceptLeavesClientsOut) {
  EXPECT_EQ(plane_->broadcast("x", {{}, {ids_[0], ids_[3], ids_[0]}, {}}).matched, 2U);
  EXPECT_EQ(receivers_of("x"), "12");
}

TEST_F(TargetTest, OnlyNamesClientsOnceEach) {
  const auto only = std::vector{ids_[2], ids_[0], ids_[2], ids_[0]};
  const BroadcastResult result = plane_->broadcast("x", {only, {}, {}});
  EXPECT_EQ(result.matched, 2U);
  EXPECT_EQ(result.unknown.size(), 0U);
  EXPECT_EQ(receivers_of("x"), "02");
}

TEST_F(TargetTest, OnlyNobodyReachesNobody) {
  const BroadcastResult result = plane_->broadcast("x", {std::vector<ClientId>{}, {}, {}});
  EXPECT_EQ(result.matched + result.queued + result.unknown.size(), 0U);
  EXPECT_EQ(receivers_of("x"), "");
}

TEST_F(TargetTest, EveryNamedClientIsMatchedUnknownOrExcepted) {
  ClientId foreign = ids_[0];
  ++foreign.incarnation;
  ClientId no_shard = ids_[0];
  no_shard.shard = 200;
  ClientId gone = ids_[0];
  gone.serial += 1'000;
  const std::vector only{ids_[0], ids_[1], ids_[2], foreign, no_shard, gone};
  // ids_[1] is excepted and ids_[2] belongs to the other listener.
  const BroadcastResult result = plane_->broadcast("x", {only, {ids_[1]}, ListenerIndex{0}});
  EXPECT_EQ(result.matched, 1U);
  EXPECT_EQ(result.queued, 1U);
  std::vector unknown{ids_[2], foreign, no_shard, gone};
  std::sort(unknown.begin(), unknown.end());
  EXPECT_EQ(result.unknown, unknown);
  EXPECT_EQ(receivers_of("x"), "0");
}

TEST_F(TargetTest, ValidateOnlyCountsAndSendsNothing) {
  for (const bool named : {false, true}) {
    Broadcast broadcast;
    broadcast.payload = "x";
    broadcast.validate_only = true;
    if (named) broadcast.target.only = ids_;
    const BroadcastResult result = plane_->broadcast(broadcast);
    EXPECT_EQ(result.matched, 4U);
    EXPECT_EQ(result.queued, 4U);
  }
  EXPECT_EQ(receivers_of("x"), "");
  const auto offered = (*plane_)->stats().shards.offered;
  EXPECT_EQ(offered[static_cast<std::size_t>(Source::kRpc)], 4U) << "only what receivers_of sent";
}

TEST_F(BroadcastTest, NamedClientThatIsClosingIsDroppedAsClosing) {
  auto& plane = start(config_that_stalls(64));
  auto client = plane.connect(0, kSmallWindow);
  const ClientId id = plane.id_of(*client);
  Series series;
  stall(plane, series);
  EXPECT_EQ(plane.disconnect({std::vector{id}, {}, true, false, ""}).disconnected, 1U);
  const BroadcastResult named = plane.broadcast("late", {std::vector{id}, {}, {}});
  EXPECT_EQ(named.matched, 1U);
  EXPECT_EQ(dropped(named, DropReason::kClosing), 1U);
  EXPECT_EQ(plane.broadcast("late").matched, 0U) << "to everybody means to active clients";
  EXPECT_EQ(client->read_to_end(), stamped_lines(series.queued));
}

TEST_F(BroadcastTest, UnencodablePayloadIsDroppedWhereTheFramingCannotCarryIt) {
  auto& plane =
      start(config_of({loopback_listener("line"),
                       loopback_listener("length", "discard", {FramingKind::kLength, 4, 2})}));
  auto line = plane.connect(0);
  auto length = plane.connect(1);
  const BroadcastResult result = plane.broadcast("a\nb");
  EXPECT_EQ(result.matched, 2U);
  EXPECT_EQ(result.queued, 1U);
  EXPECT_EQ(dropped(result, DropReason::kUnencodable), 1U);
  EXPECT_EQ(length->read(7),
            "\x00\x00\x00\x03"
            "a\nb"s);
  (void)plane.broadcast("c");
  EXPECT_EQ(line->read_line(), "c\n");
}

}  // namespace
}  // namespace crier::testing
