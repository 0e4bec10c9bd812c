#include "tests/integration/cluster/real_cluster.hpp"
#include "tests/support/deadline.hpp"
#include "tests/support/resp_client.hpp"

// Redis ends connections of its clients, and stays.
namespace crier::testing {
namespace {

class Cut : public ClusterTest {
 protected:
  [[nodiscard]] Loss loss() const {
    return GetParam() == Mode::kPubSub ? Loss::kCounted : Loss::kNone;
  }
};
CRIER_BOTH_MODES(Cut);

TEST_P(Cut, ClientKillUnderLoad) {
  RedisServer redis;
  RespClient admin(redis.port());
  RealCluster cluster(options(redis.port()));
  cluster.await_met();
  cluster.start_load();
  for (const char* type : {"pubsub", "normal", "pubsub"}) {
    cluster.await_answers(v1::PUBLISHED_CONFIRMED);
    const auto before = cluster.losses();
    // Some of the nodes may just be dialling: once more, until it has met all.
    EXPECT_TRUE(await([&] {
      admin.ask({"CLIENT", "KILL", "TYPE", type, "SKIPME", "yes"});
      return cluster.losses() > before;
    }));
    cluster.await_losses(before);
    cluster.await_met();
  }
  cluster.await_answers(v1::PUBLISHED_CONFIRMED);
  cluster.finish(loss());
}

TEST_P(Cut, ABurstOverTheOutputBufferLimit) {
  constexpr std::uint64_t kBurst = 200;
  constexpr std::size_t kPadding = 1'000;
  RedisServer redis;
  RespClient admin(redis.port());
  RealCluster cluster(options(redis.port()));
  cluster.await_met();
  cluster.start_load();
  cluster.await_answers(v1::PUBLISHED_CONFIRMED);
  cluster.stop_load();
  const auto before = cluster.losses();
  admin.ask({"CONFIG", "SET", "client-output-buffer-limit", "pubsub 1 0 0 normal 1 0 0"});
  EXPECT_TRUE(await([&] {
    for (std::size_t i = 0; i < cluster.size(); ++i) {
      cluster.publisher(i).burst(kBurst, kPadding);
    }
    return cluster.losses() > before;
  }));
  admin.ask(
      {"CONFIG", "SET", "client-output-buffer-limit", "pubsub 33554432 8388608 60 normal 0 0 0"});
  cluster.await_met();
  cluster.finish(loss());
}

}  // namespace
}  // namespace crier::testing
