// Start and stop.
#include <poll.h>

#include <atomic>
#include <string>

#include "tests/integration/dataplane_fixture.hpp"
#include "tests/integration/stall.hpp"

namespace crier::testing {
namespace {

using namespace dataplane;

using LifecycleTest = DataplaneTest;

TEST_F(LifecycleTest, StopAnswersEverythingThatWasAccepted) {
  auto& plane = start(loopback_listener("default", "relay"));
  auto clients = plane.connect(0, 20);
  std::atomic<int> open{0};
  const auto answered = [&open](auto&&...) { --open; };
  for (int i = 0; i < 500; ++i) {
    Broadcast broadcast;
    broadcast.payload = "x";
    open += 4;
    ASSERT_EQ(plane->broadcast(broadcast, answered), Submit::kAccepted);
    plane->list({}, answered);
    plane->get({plane->incarnation(), 1, 1, 1}, answered);
    DisconnectRequest request;
    request.validate_only = true;
    plane->disconnect(request, answered);
  }
  ++open;
  plane->when_ready(answered);
  ++open;
  plane->drain(kPatience, kPatience, answered);
  plane->stop();
  EXPECT_EQ(open, 0);
}

TEST_F(LifecycleTest, StopEndsStalledClientsAtOnceAndCountsTheirFrames) {
  auto& plane = start(config_that_stalls(64));
  auto client = plane.connect(0, kSmallWindow);
  Series series;
  stall(plane, series);
  plane->stop();
  plane->stop();  // changes nothing
  const Stats stats = plane->stats();
  EXPECT_EQ(closed(stats, CloseReason::kHardStop), 1U);
  EXPECT_GE(stats.shards.discarded[static_cast<std::size_t>(CloseReason::kHardStop)], 1U);
}

// Each round stops at another moment between two ticks of the shards' timers, and some at a tick.
TEST_F(LifecycleTest, StopEndsAtWhateverMomentItComes) {
  for (int round = 0; round < 40; ++round) {
    RunningDataplane plane(config_of({loopback_listener()}));
    ::poll(nullptr, 0, 85 + round);
    plane->stop();
  }
}

TEST_F(LifecycleTest, PortInUseIsASentenceAndLeavesNothingRunning) {
  auto& plane = start(loopback_listener());
  const std::string taken = plane.address();
  const std::size_t files = open_files();
  ListenerConfig second = loopback_listener("second");
  second.address = taken;
  Dataplane other(config_of({loopback_listener("first"), second}));
  try {
    other.start();
    ADD_FAILURE() << "two on one port";
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(error.what(), "listener 'second': cannot bind " + taken + ": Address already in use");
  }
  EXPECT_EQ(open_files(), files);
}

TEST_F(LifecycleTest, PortIsFreeAgainAfterStop) {
  ListenerConfig listener = loopback_listener("default", "echo");
  for (int round = 0; round < 3; ++round) {
    RunningDataplane plane(config_of({listener}));
    listener.address = plane.address();
    auto client = plane.connect();
    client->send("hello\n");
    EXPECT_EQ(client->read_line(), "hello\n");
    plane->stop();
    EXPECT_EQ(client->read_to_any_end(), "");
  }
}

}  // namespace
}  // namespace crier::testing
