// Clients that come and go in numbers.
#include <vector>

#include "tests/faults/fault_test.hpp"

namespace crier::testing {
namespace {

using namespace dataplane;

// Some may still be in the backlog, where nobody counts them.
void await_ended(FaultScene& scene, std::uint64_t count) {
  scene.plane().await_stats([=](const Stats& stats) { return ended(stats) >= count; });
}

class StormFaults : public EverySetup {};
class ChurnFaults : public EverySetup {};

TEST_P(StormFaults, ResetsAreEachCountedOnce) {
  auto& scene = start();
  const std::size_t count = scaled(2'000);
  const std::string frame = scene.setup().wire(std::string(scene.script().bytes, 'r'));
  for (std::size_t i = 0; i < count; ++i) {
    TcpClient client(scene.plane().address());
    // Nothing, a part of a frame, or frames whose replies find nobody.
    (void)client.send_some(frame.substr(0, below(frame.size() + 1)));
    client.reset();
    if (i % 10 == 0) scene.publish(1);
  }
  await_ended(scene, count);
  scene.await_only_witnesses();
  EXPECT_EQ(closed(scene.plane()->stats()), count);
}

TEST_P(ChurnFaults, ClientsThatComeAndGoLeaveNothing) {
  auto& scene = start();
  const std::size_t count = scaled(GetParam()->needs_answers ? 1'000 : 3'000);
  const std::string payload(scene.script().bytes, 'c');
  std::vector<std::unique_ptr<FaultClient>> there;
  for (std::size_t i = 0; i < count; ++i) {
    there.push_back(scene.setup().connect(scene.plane().address(), 0));
    if (below(4) == 0) there.back()->send(payload);
    // Lives of none to a few dozen steps.
    while (!there.empty() && below(30) != 0 && there.size() > below(20)) {
      there.erase(there.begin() + static_cast<std::ptrdiff_t>(below(there.size())));
    }
    if (i % 20 == 0) scene.publish(1);
  }
  there.clear();
  await_ended(scene, count);
  scene.await_only_witnesses();
  EXPECT_EQ(ended(scene.plane()->stats()), count);
}

TEST_P(StormFaults, ABurstOfClientsIsTakenWhole) {
  auto& scene = start();
  const std::size_t count = scaled(1'000);
  std::vector<std::unique_ptr<TcpClient>> burst;
  while (burst.size() < count) burst.push_back(std::make_unique<TcpClient>(TcpClient::Options{}));
  for (const auto& client : burst) client->connect(scene.plane().address());
  scene.plane().await_connections(scene.witnesses().size() + count);
  scene.publish(3);
  const std::string expected = scene.setup().wire(scene.script().payload(0, 0)) +
                               scene.setup().wire(scene.script().payload(0, 1)) +
                               scene.setup().wire(scene.script().payload(0, 2));
  for (const auto& client : burst) EXPECT_EQ(client->read(expected.size()), expected);
}

TEST_P(StormFaults, TheBoundOfConnectionsIsExact) {
  auto& scene = start({.adjust = [](Config& config) { config.listeners[0].max_connections = 25; }});
  for (int round = 0; round < 3; ++round) {
    const std::uint64_t before = scene.rejected(RejectReason::kMaxConnections);
    std::vector<std::unique_ptr<TcpClient>> clients;
    while (clients.size() < 60) {
      clients.push_back(std::make_unique<TcpClient>(scene.plane().address()));
    }
    scene.plane().await_connections(25);
    EXPECT_TRUE(
        await([&] { return scene.rejected(RejectReason::kMaxConnections) >= before + 40; }));
    EXPECT_EQ(scene.rejected(RejectReason::kMaxConnections), before + 40);
    scene.publish(1);
    const std::string frame = scene.setup().wire(scene.script().payload(0, scene.published() - 1));
    std::size_t served = 0;
    for (const auto& client : clients) {
      client->finish();
      const std::string got = client->read_to_any_end();
      if (got == frame) ++served;
      if (got != frame) {
        EXPECT_EQ(got, "") << "whoever has no place is told nothing";
      }
    }
    EXPECT_EQ(served, 20U);
    clients.clear();
    scene.await_only_witnesses();
  }
}

CRIER_FOR_SETUPS_BY_HAND(StormFaults);
CRIER_FOR_EVERY_SETUP(ChurnFaults);

}  // namespace
}  // namespace crier::testing
