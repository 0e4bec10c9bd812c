// Deadlines of a connection: short ones, awaited by what they do.
#include "tests/integration/dataplane_fixture.hpp"
#include "tests/integration/stall.hpp"

namespace crier::testing {
namespace {

using namespace dataplane;
using std::chrono::milliseconds;

using TimeoutTest = DataplaneTest;

TEST_F(TimeoutTest, WriterWithoutProgressIsClosed) {
  Config config = config_that_stalls(64);
  config.listeners[0].write_stall = milliseconds(50);
  auto& plane = start(config);
  auto client = plane.connect(0, kSmallWindow);
  auto reader = plane.connect();
  Series series;
  // It may be closed as soon as its kernel takes no more, so how much is queued then is not known.
  plane.await_stats([&](const Stats& stats) {
    if (stats.shards.queued_frames < kStalledFrames) {
      series.broadcast_next(plane);
      EXPECT_EQ(reader->read_line().size(), kStampedBytes + 1);
    }
    return closed(stats, CloseReason::kWriteStall) == 1;
  });
  EXPECT_EQ(plane.broadcast("x").queued, 1U) << "the one that reads stays";
  const Stats stats = plane->stats();
  EXPECT_GE(stats.shards.discarded[static_cast<std::size_t>(CloseReason::kWriteStall)], 1U);
  const std::string got = client->read_to_any_end();
  EXPECT_EQ(got, stamped_lines(series.queued).substr(0, got.size()));
}

TEST_F(TimeoutTest, FrameThatDoesNotEndIsNotWaitedForForEver) {
  ListenerConfig listener = loopback_listener("default", "echo");
  listener.partial_frame = milliseconds(50);
  auto& plane = start(listener);
  auto whole = plane.connect();
  whole->send("whole\n");
  auto partial = plane.connect();
  partial->send("begun");
  EXPECT_EQ(partial->read_to_end(), "");
  partial->finish();
  plane.await_closed(CloseReason::kPartialTimeout);
  EXPECT_EQ(closed(plane->stats()), 1U) << "the one without a begun frame stays";
  EXPECT_EQ(whole->read_line(), "whole\n");
}

TEST_F(TimeoutTest, SilentClientIsClosedPolitely) {
  ListenerConfig idle = loopback_listener("idle");
  idle.idle_timeout = milliseconds(50);
  auto& plane = start(config_of({idle, loopback_listener("patient")}));
  auto patient = plane.connect(1);
  auto silent = plane.connect(0);
  EXPECT_EQ(silent->read_to_end(), "");
  silent->finish();
  plane.await_closed(CloseReason::kIdleTimeout);
  EXPECT_EQ(plane->clients(), 1U) << "0 means no timeout";
}

TEST_F(TimeoutTest, ClientOfItsMaximumAgeIsClosedPolitely) {
  ListenerConfig aging = loopback_listener("aging", "echo");
  aging.max_age = milliseconds(200);
  auto& plane = start(config_of({aging, loopback_listener("patient")}));
  auto patient = plane.connect(1);
  auto old = plane.connect(0);
  old->send("x\n");
  // However busy the machine is: the answer, or the end alone where that came first.
  EXPECT_EQ(std::string("x\n").find(old->read_to_end()), 0U);
  old->finish();
  plane.await_closed(CloseReason::kMaxAge);
  EXPECT_EQ(plane->clients(), 1U) << "0 means no bound";
}

TEST_F(TimeoutTest, SilentClientGetsWhatIsQueuedFirst) {
  Config config = config_that_stalls(64);
  config.listeners[0].idle_timeout = milliseconds(200);
  auto& plane = start(config);
  auto client = plane.connect(0, kSmallWindow);
  Series series;
  // However busy the machine is: some frames, or as many as it lasts.
  for (int i = 0; i < 40; ++i) series.broadcast_next(plane);
  EXPECT_EQ(client->read_to_end(), stamped_lines(series.queued));
}

}  // namespace
}  // namespace crier::testing
