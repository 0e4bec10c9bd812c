// Broadcasts that are not accepted.
#include "tests/integration/dataplane_fixture.hpp"

namespace crier::testing {
namespace {

using namespace dataplane;

using BroadcastRefusalTest = DataplaneTest;

Submit submit(RunningDataplane& plane, std::string payload,
              std::optional<ListenerIndex> listener = {}) {
  Broadcast broadcast;
  broadcast.payload = std::move(payload);
  broadcast.target.listener = listener;
  return plane->broadcast(broadcast, [](const BroadcastResult&) { ADD_FAILURE() << "answered"; });
}

TEST_F(BroadcastRefusalTest, PayloadOverTheBoundIsTooLarge) {
  Config config = config_of({loopback_listener()});
  config.max_payload_bytes = 1'000;
  auto& plane = start(config);
  auto client = plane.connect();
  EXPECT_EQ(submit(plane, std::string(1'001, 'x')), Submit::kTooLarge);
  EXPECT_EQ(plane.broadcast(std::string(1'000, 'x')).queued, 1U);
  EXPECT_EQ(client->read_line().size(), 1'001U);
}

TEST_F(BroadcastRefusalTest, PayloadThatNoTargetCanCarryIsUnencodable) {
  auto& plane =
      start(config_of({loopback_listener("line"),
                       loopback_listener("fixed", "discard", {FramingKind::kFixed, 4, 2})}));
  EXPECT_EQ(submit(plane, "a\nb", ListenerIndex{0}), Submit::kUnencodable);
  EXPECT_EQ(submit(plane, "", ListenerIndex{1}), Submit::kUnencodable);
  // Elsewhere there is a listener that can carry it.
  EXPECT_EQ(plane.broadcast("a\nb").matched, 0U);
  EXPECT_EQ(plane.broadcast("").matched, 0U);
}

TEST_F(BroadcastRefusalTest, OverloadRefusesAndTellsWhenThereIsRoomAgain) {
  Config config = config_of({loopback_listener()});
  config.max_payload_bytes = 1'000;
  config.max_inflight_bytes = 2'000;
  auto& plane = start(config);
  // Not answered yet means still in flight: the answer is held back on purpose.
  std::promise<void> release;
  Answer<BroadcastResult> first;
  Broadcast broadcast;
  broadcast.payload = std::string(1'000, 'x');
  const Submit accepted = plane->broadcast(
      broadcast, [held = release.get_future().share(), tell = first.callback()](auto result) {
        held.wait();
        tell(std::move(result));
      });
  ASSERT_EQ(accepted, Submit::kAccepted);
  EXPECT_EQ(submit(plane, broadcast.payload), Submit::kOverloaded);
  EXPECT_EQ(plane->stats().overloaded, 1U);
  Answer<bool> room;
  plane->when_ready([tell = room.callback()] { tell(true); });
  EXPECT_FALSE(room.ready());
  release.set_value();
  EXPECT_TRUE(room.get());
  EXPECT_EQ(first.get().matched, 0U);
  EXPECT_EQ(plane.broadcast(broadcast).matched, 0U);
}

TEST_F(BroadcastRefusalTest, NothingIsAcceptedAfterStop) {
  auto& plane = start(config_of({loopback_listener()}));
  plane->stop();
  EXPECT_EQ(submit(plane, "x"), Submit::kStopped);
}

}  // namespace
}  // namespace crier::testing
