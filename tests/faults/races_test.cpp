// Calls that concern clients which come, go, read and break at the same moment.
#include <map>
#include <thread>
#include <vector>

#include "tests/faults/fault_test.hpp"

namespace crier::testing {
namespace {

using namespace dataplane;

class RaceFaults : public EverySetup {};

// Everybody but the witnesses.
std::vector<ClientId> strangers(FaultScene& scene, std::uint32_t page_size) {
  std::vector<ClientId> ids;
  std::map<std::string, int> seen;
  ListRequest request;
  request.page_size = page_size;
  for (const ClientInfo& client : scene.plane().list_all(request)) {
    ++seen[client.remote_address];
    if (!scene.witnesses().contains(client.remote_address)) ids.push_back(client.id);
  }
  for (const std::string& address : scene.witnesses()) {
    EXPECT_EQ(seen[address], 1) << "who stays is listed once";
  }
  return ids;
}

TEST_P(RaceFaults, DisconnectsListsBroadcastsAndEndsOfTheSameClients) {
  auto& scene = start();
  std::mt19937_64 plans(random_());
  std::optional<FaultProxy> proxy;
  proxy.emplace(scene.plane().address(), [&plans](std::uint64_t) {
    FaultPlan plan = random_plan(plans, 4'000);
    plan.to_client.delay = plan.to_server.delay = std::chrono::microseconds(0);
    return plan;
  });
  std::atomic<bool> running{true};
  std::thread publisher([&] {
    while (running) scene.publish(20);
  });
  const std::uint64_t churn_seed = random_();
  std::thread churn([&] {
    std::mt19937_64 dice(churn_seed);
    const std::string payload(scene.script().bytes, 'x');
    std::vector<std::unique_ptr<FaultClient>> clients(16);
    while (running) {
      auto& client = clients[dice() % clients.size()];
      try {
        const bool broken = dice() % 2 == 0;
        client = broken ? scene.setup().begin_to_connect(proxy->address(), 0)
                        : scene.setup().connect(scene.plane().address(), 0);
        client->send(payload);
      } catch (const std::exception&) {
        client.reset();
      }
    }
  });
  std::uint64_t closed_by_call = 0;
  for (std::size_t round = 0; round < scaled(60); ++round) {
    const auto page = static_cast<std::uint32_t>(1 + below(8));
    DisconnectRequest request;
    request.only = strangers(scene, page);
    request.flush = below(2) == 0;
    const std::size_t named = request.only->size();
    const DisconnectResult first = scene.plane().disconnect(request);
    EXPECT_EQ(first.matched + first.unknown.size(), named);
    EXPECT_LE(first.disconnected, first.matched);
    closed_by_call += first.disconnected;
    const DisconnectResult again = scene.plane().disconnect(request);
    EXPECT_EQ(again.disconnected, 0U) << "nobody is disconnected twice";
    EXPECT_EQ(scene.problem(), "");
  }
  running = false;
  publisher.join();
  churn.join();
  proxy.reset();
  scene.await_only_witnesses();
  EXPECT_EQ(scene.closed(CloseReason::kDisconnected), closed_by_call);
}

CRIER_FOR_EVERY_SETUP(RaceFaults);

}  // namespace
}  // namespace crier::testing
