// Networks that are slow, stand still or break, for some: what they get stays in order, and nobody
// else notices.
#include <thread>
#include <vector>

#include "tests/faults/fault_test.hpp"

namespace crier::testing {
namespace {

using namespace dataplane;

class DeliveryFaults : public EverySetup {
 protected:
  static std::vector<std::thread> publish_from(FaultScene& scene, std::size_t publishers,
                                               std::uint64_t count) {
    std::vector<std::thread> threads;
    for (std::size_t p = 0; p < publishers; ++p) {
      threads.emplace_back([&scene, p, count] { scene.publish(count, p); });
    }
    return threads;
  }
  static void join(std::vector<std::thread>& threads) {
    for (std::thread& thread : threads) thread.join();
  }
};

// What a client gets of publisher 0: in order, each frame at most once.
class OrderedReader {
 public:
  OrderedReader(FaultScene& scene, FaultClient& client) : scene_(scene), client_(client) {}

  void read_available() {
    for (const std::string& payload : client_.arrived()) {
      const auto origin = scene_.script().origin(payload);
      EXPECT_GE(origin.sequence, next_);
      next_ = origin.sequence + 1;
      ++frames_;
    }
  }
  // Until that frame has come.
  void read_to(std::uint64_t last) {
    const bool all = await([&] {
      read_available();
      return next_ > last;
    });
    EXPECT_TRUE(all) << "stopped before " << next_;
  }
  [[nodiscard]] std::uint64_t frames() const { return frames_; }

 private:
  FaultScene& scene_;
  FaultClient& client_;
  std::uint64_t next_ = 0;
  std::uint64_t frames_ = 0;
};

TEST_P(DeliveryFaults, FanoutIsExact) {
  auto& scene = start({.witnesses = scaled(40), .publishers = 4});
  auto publishers = publish_from(scene, 4, scaled(500));
  join(publishers);
  scene.await_witnesses();
  EXPECT_EQ(total(scene.plane()->stats().shards.dropped), 0U);
}

TEST_P(DeliveryFaults, WhoStoodStillGoesOnWhereItWas) {
  auto& scene = start();
  FaultProxy proxy(scene.plane().address(), FaultPlan());
  std::vector<std::unique_ptr<FaultClient>> frozen;
  for (int i = 0; i < 20; ++i) frozen.push_back(scene.setup().connect(proxy.address(), 0));
  scene.plane().await_connections(scene.witnesses().size() + frozen.size());
  scene.publish(50);
  proxy.stall();
  scene.publish(300);
  scene.await_witnesses();
  proxy.release();
  scene.publish(50);
  for (const auto& client : frozen) {
    OrderedReader reader(scene, *client);
    reader.read_to(399);
    EXPECT_EQ(reader.frames(), 400U) << "the queue had room for all";
  }
}

TEST_P(DeliveryFaults, WhoGetsByteByByteIsBoundedAndInOrder) {
  auto& scene = start({.adjust = [](Config& config) {
    config.listeners[0].send_buffer_bytes = 4U << 10U;
    config.listeners[0].queue.max_frames = 64;
  }});
  FaultPlan plan;
  plan.to_client.slice_bytes = 1 + static_cast<std::uint32_t>(below(3));
  plan.to_client.delay = std::chrono::microseconds(50);
  // As slow as it can be while frames come, then fast enough to end.
  plan.to_client.paced_until = 800;
  FaultProxy proxy(scene.plane().address(), plan, {.socket_buffer_bytes = 4 << 10});
  auto trickling = scene.setup().connect(proxy.address(), 4 << 10);
  scene.plane().await_connections(scene.witnesses().size() + 1);
  // More than both kernels, the proxy and the queue take together.
  const std::uint64_t frames = (256U << 10U) / scene.script().bytes;
  scene.publish(frames);
  EXPECT_LE(scene.plane()->stats().shards.queued_frames, 64U * (1 + scene.witnesses().size()));
  scene.await_witnesses();
  // Whatever did not fit is missing; what is published when there is room again comes.
  OrderedReader reader(scene, *trickling);
  EXPECT_TRUE(await([&] {
    reader.read_available();
    return scene.plane()->stats().shards.queued_frames < 32;
  }));
  const std::uint64_t last = scene.published();
  scene.publish(1);
  reader.read_to(last);
  EXPECT_GE(reader.frames(), 64U);
}

TEST_P(DeliveryFaults, AnyFaultsOfSomeHarmNobodyElse) {
  auto& scene = start({.publishers = 2, .adjust = [this](Config& config) {
                         config.listeners[0].queue.overflow = static_cast<OverflowPolicy>(below(3));
                         config.io_uring = below(2) == 0;
                       }});
  std::mt19937_64 plans(random_());
  std::optional<FaultProxy> proxy;
  proxy.emplace(scene.plane().address(),
                [&plans](std::uint64_t) { return random_plan(plans, 8'000); });
  auto publishers = publish_from(scene, 2, scaled(10'000));
  const std::string question(scene.script().bytes, 'q');
  {
    std::vector<std::unique_ptr<FaultClient>> clients;
    for (std::size_t i = 0; i < scaled(6'000); ++i) {
      try {
        if (clients.size() < 30) {
          clients.push_back(scene.setup().begin_to_connect(proxy->address(), 0));
        } else {
          auto& client = clients[below(clients.size())];
          client->send(question);
          (void)client->arrived();
          if (below(3) == 0) client = scene.setup().begin_to_connect(proxy->address(), 0);
        }
      } catch (const std::exception&) {
        // Its connection broke, perhaps as the first: so it was planned.
        if (!clients.empty()) {
          clients.erase(clients.begin() + static_cast<std::ptrdiff_t>(below(clients.size())));
        }
      }
      if (below(200) == 0) proxy->reset_all();
      EXPECT_EQ(scene.problem(), "");
    }
  }
  join(publishers);
  scene.await_witnesses();
  proxy.reset();
  scene.await_only_witnesses();
}

CRIER_FOR_EVERY_SETUP(DeliveryFaults);

}  // namespace
}  // namespace crier::testing
