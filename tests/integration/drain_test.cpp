// The ways to the end of a node.
#include <algorithm>
#include <system_error>

#include "tests/integration/dataplane_fixture.hpp"
#include "tests/integration/stall.hpp"

namespace crier::testing {
namespace {

using namespace dataplane;
using std::chrono::milliseconds;

using DrainTest = DataplaneTest;

TEST_F(DrainTest, ShutdownFlushesQueuedFrames) {
  auto& plane = start(config_that_stalls(64));
  std::vector<std::unique_ptr<TcpClient>> clients;
  for (int i = 0; i < 4; ++i) clients.push_back(plane.connect(0, kSmallWindow));
  Series series;
  stall(plane, series);
  for (int i = 0; i < 20; ++i) series.broadcast_next(plane);
  Answer<bool> empty;
  plane->drain(milliseconds(0), kPatience, [done = empty.callback()] { done(true); });
  const std::string expected = stamped_lines(series.queued);
  for (auto& client : clients) {
    EXPECT_FALSE(empty.ready());
    EXPECT_EQ(client->read_to_end(), expected);
    client->close();
  }
  EXPECT_TRUE(empty.get());
  EXPECT_EQ(closed(plane->stats(), CloseReason::kDrain), 4U);
  EXPECT_EQ(total(plane->stats().shards.dropped), 0U);
}

TEST_F(DrainTest, FlushIsGivenUpInTheTimeItIsGiven) {
  auto& plane = start(config_that_stalls(64));
  auto client = plane.connect(0, kSmallWindow);
  Series series;
  stall(plane, series);
  Answer<bool> empty;
  plane->drain(milliseconds(0), milliseconds(50), [done = empty.callback()] { done(true); });
  EXPECT_TRUE(empty.get()) << "though the client never read";
  const Stats stats = plane->stats();
  EXPECT_GE(stats.shards.discarded[static_cast<std::size_t>(CloseReason::kDrain)], 1U);
}

TEST_F(DrainTest, NodeWithoutClientsIsEmptyAtOnce) {
  auto& plane = start(loopback_listener());
  Answer<bool> empty;
  plane->drain(milliseconds(60'000), milliseconds(60'000),
               [done = empty.callback()] { done(true); });
  EXPECT_TRUE(empty.get());
}

TEST_F(DrainTest, BroadcastsReachEveryClientUntilItGoes) {
  auto& plane = start(loopback_listener());
  auto clients = plane.connect(0, 20);
  Answer<bool> empty;
  plane->drain(milliseconds(300), milliseconds(2'000), [done = empty.callback()] { done(true); });
  std::uint64_t queued = 0;
  std::uint64_t before = clients.size();
  while (before > 0) {
    const BroadcastResult result = plane.broadcast("x");
    EXPECT_LE(result.matched, before) << "clients only go";
    queued += result.queued;
    before = result.matched;
  }
  std::uint64_t received = 0;
  for (const auto& client : clients) {
    const std::string got = client->read_to_end();
    EXPECT_EQ(static_cast<std::size_t>(std::count(got.begin(), got.end(), 'x')) * 2, got.size());
    received += got.size() / 2;
  }
  EXPECT_EQ(received, queued);
  clients.clear();
  EXPECT_TRUE(empty.get());
  EXPECT_EQ(closed(plane->stats(), CloseReason::kDrain), 20U);
}

TEST_F(DrainTest, CloseAllEndsEverybodyWithoutWaiting) {
  auto& plane = start(config_that_stalls(64));
  auto stalled = plane.connect(0, kSmallWindow);
  auto reader = plane.connect();
  Series series;
  stall(plane, series);
  Answer<bool> empty;
  plane->drain(kPatience, kPatience, [done = empty.callback()] { done(true); });
  plane->close_all();
  EXPECT_TRUE(empty.get());
  plane.await_closed(CloseReason::kHardStop, 2);
}

TEST_F(DrainTest, StopAcceptingTakesWhatIsInTheBacklog) {
  auto& plane = start(loopback_listener("default", "echo"));
  const std::string address = plane.address();
  std::vector<std::unique_ptr<TcpClient>> clients;
  for (int i = 0; i < 200; ++i) clients.push_back(std::make_unique<TcpClient>(address));
  plane.stop_accepting();
  for (const auto& client : clients) client->send("hello\n");
  for (const auto& client : clients) EXPECT_EQ(client->read_line(), "hello\n");
  EXPECT_THROW(TcpClient{address}, std::system_error) << "nobody listens any more";
}

}  // namespace
}  // namespace crier::testing
