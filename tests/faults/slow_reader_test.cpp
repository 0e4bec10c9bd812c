// Clients that do not read, or whose network has gone without a word.
#include <fstream>
#include <vector>

#include "tests/faults/fault_test.hpp"

namespace crier::testing {
namespace {

using namespace dataplane;
using std::chrono::milliseconds;

// A listener that is soon full.
void make_small(Config& config) {
  config.listeners[0].send_buffer_bytes = 8U << 10U;
  config.listeners[0].queue.max_frames = 64;
}

class SlowReaderFaults : public EverySetup {
 protected:
  std::vector<std::unique_ptr<FaultClient>> connect(FaultScene& scene, std::size_t count) {
    std::vector<std::unique_ptr<FaultClient>> clients;
    while (clients.size() < count) {
      clients.push_back(scene.setup().connect(scene.plane().address(), 16 << 10));
    }
    scene.plane().await_connections(scene.witnesses().size() + count);
    return clients;
  }
  // Until the queues of those that do not read have dropped frames, or closed.
  static void publish_until(FaultScene& scene, const std::function<bool(const Stats&)>& full) {
    while (!full(scene.plane()->stats())) {
      scene.publish(20);
      if (!scene.problem().empty()) break;
    }
  }
};

TEST_P(SlowReaderFaults, AreClosedWhereThePolicySaysSo) {
  auto& scene = start({.witnesses = 20, .adjust = [](Config& config) {
                         make_small(config);
                         config.listeners[0].queue.overflow = OverflowPolicy::kDisconnect;
                       }});
  auto slow = connect(scene, 5);
  publish_until(scene,
                [](const Stats& stats) { return closed(stats, CloseReason::kSlowConsumer) == 5; });
  EXPECT_EQ(scene.closed(CloseReason::kSlowConsumer), 5U) << "and no witness";
}

TEST_P(SlowReaderFaults, KeepTheNewestFramesUnderDropOldest) {
  auto& scene = start({.witnesses = 20, .adjust = [](Config& config) {
                         make_small(config);
                         config.listeners[0].queue.overflow = OverflowPolicy::kDropOldest;
                       }});
  auto slow = connect(scene, 5);
  publish_until(scene, [](const Stats& stats) {
    return stats.shards.dropped[static_cast<std::size_t>(DropReason::kEvicted)] >= 500;
  });
  scene.await_witnesses();
  const std::uint64_t last = scene.published() - 1;
  std::uint64_t missing = 0;
  for (const auto& client : slow) {
    std::vector<std::uint64_t> got;
    EXPECT_TRUE(await([&] {
      for (const std::string& payload : client->arrived()) {
        got.push_back(scene.script().origin(payload).sequence);
      }
      return !got.empty() && got.back() == last;
    })) << "the newest frame is the last";
    EXPECT_TRUE(std::is_sorted(got.begin(), got.end()));
    missing += scene.published() - got.size();
  }
  EXPECT_EQ(missing, total(scene.plane()->stats().shards.dropped)) << "and no other";
}

// The network of a client is gone: bytes that it is sent are not acknowledged. A listener of its
// own has the short bound, which a busy machine might make a witness meet.
TEST_P(SlowReaderFaults, WhoseNetworkStandsStillIsClosedForIt) {
  if (GetParam()->needs_answers) GTEST_SKIP() << "it would not even become a client";
  auto& scene = start({.adjust = [](Config& config) {
    make_small(config);
    config.listeners.push_back(config.listeners[0]);
    config.listeners[1].name = "strict";
    config.listeners[1].write_stall = milliseconds(200);
  }});
  FaultPlan plan;
  plan.to_client.end = DirectionPlan::End::kStall;
  FaultProxy proxy(scene.plane().address(1), plan, {.socket_buffer_bytes = 8 << 10});
  std::vector<std::unique_ptr<FaultClient>> frozen;
  for (int i = 0; i < 5; ++i) frozen.push_back(scene.setup().connect(proxy.address(), 0));
  scene.plane().await_connections(scene.witnesses().size() + 5);
  publish_until(scene,
                [](const Stats& stats) { return closed(stats, CloseReason::kWriteStall) == 5; });
  scene.await_only_witnesses();
}

// Half-open: the client has gone, and nobody said so.
TEST_P(SlowReaderFaults, WhoVanishedIsFreedByTheIdleTimeout) {
  if (!GetParam()->by_hand) GTEST_SKIP() << "it would not even become a client";
  auto& scene = start({.witnesses = 0, .publishers = 0, .adjust = [](Config& config) {
                         config.listeners[0].idle_timeout = milliseconds(100);
                       }});
  FaultPlan plan;
  plan.to_server.end = DirectionPlan::End::kBlackhole;
  plan.to_client.end = DirectionPlan::End::kBlackhole;
  FaultProxy proxy(scene.plane().address(), plan);
  {
    std::vector<std::unique_ptr<TcpClient>> vanished;
    for (int i = 0; i < 10; ++i) vanished.push_back(std::make_unique<TcpClient>(proxy.address()));
    scene.plane().await_stats([](const Stats& stats) { return stats.listeners[0].accepted == 10; });
  }
  scene.plane().await_closed(CloseReason::kIdleTimeout, 10);
  scene.plane().await_connections(0);
  EXPECT_EQ(proxy.counts().open, 10U) << "nothing has reached either end";
}

CRIER_FOR_EVERY_SETUP(SlowReaderFaults);

class SharedFrameFaults : public FaultTest {};

TEST_F(SharedFrameFaults, AFrameIsRetainedOnceHoweverManyHoldIt) {
  constexpr std::size_t kFrameBytes = 256U << 10U;
  constexpr std::size_t kFrames = 6;
  // Blocks of small frames, and the frame that is just being encoded.
  constexpr std::uint64_t kSlack = 2U << 20U;
  auto& scene = start(setup_named("length4"), {.witnesses = 2,
                                               .payload_bytes = kFrameBytes,
                                               .retained_max = (kFrames + 2) * kFrameBytes + kSlack,
                                               .adjust = [](Config& config) {
                                                 config.max_payload_bytes = kFrameBytes;
                                                 config.listeners[0].send_buffer_bytes = 8U << 10U;
                                                 config.listeners[0].queue.max_bytes = 64U << 20U;
                                               }});
  std::vector<std::unique_ptr<TcpClient>> stalled;
  for (int i = 0; i < 20; ++i) {
    stalled.push_back(
        std::make_unique<TcpClient>(scene.plane().address(), TcpClient::Options{16 << 10}));
  }
  scene.plane().await_connections(22);
  scene.publish(kFrames);
  scene.await_witnesses();
  const Stats stats = scene.plane()->stats();
  EXPECT_GT(stats.shards.queued_bytes, 15 * kFrames * kFrameBytes) << "as queues count";
  EXPECT_GE(stats.queue_memory.retained_bytes, kFrames * kFrameBytes);
  EXPECT_LE(stats.queue_memory.retained_bytes, kFrames * kFrameBytes + kSlack)
      << "as memory counts";
  stalled.clear();
  scene.plane().await_stats(
      [](const Stats& now) { return now.queue_memory.retained_bytes < kFrames * kFrameBytes / 2; });
}

}  // namespace
}  // namespace crier::testing
