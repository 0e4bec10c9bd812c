#include "tests/integration/cluster/forwarder.hpp"
#include "tests/integration/cluster/real_cluster.hpp"

// The address that nodes dial leads to another Redis, which knows nothing of the first. What was
// published on one and read on the other is gone, also with a stream: counted, like any loss.
namespace crier::testing {
namespace {

class Repointed : public ClusterTest {};
CRIER_BOTH_MODES(Repointed);

TEST_P(Repointed, EveryConnectionMoves) {
  RedisServer first;
  RedisServer second;
  Forwarder forwarder(first.port());
  RealCluster cluster(options(forwarder.port()));
  cluster.await_met();
  cluster.start_load();
  for (const RedisServer* redis : {&second, &first}) {
    cluster.await_answers(v1::PUBLISHED_CONFIRMED);
    const auto before = cluster.losses();
    forwarder.point_to(redis->port());
    forwarder.cut();
    cluster.await_losses(before);
    cluster.await_met();
  }
  cluster.await_answers(v1::PUBLISHED_CONFIRMED);
  cluster.finish(Loss::kCounted);
}

// Publishing is confirmed, and nothing arrives: only the echo of what a node publishes tells.
TEST_P(Repointed, OnlyPublishersMove) {
  RedisServer first;
  RedisServer second;
  Forwarder forwarder(first.port());
  RealCluster cluster(options(forwarder.port()));
  cluster.await_met();
  cluster.start_load();
  cluster.await_answers(v1::PUBLISHED_CONFIRMED);
  const auto before = cluster.losses();
  forwarder.point_to(second.port());
  forwarder.move_publishers(second.port());
  cluster.await_losses(before);
  cluster.await_met();
  cluster.await_answers(v1::PUBLISHED_CONFIRMED);
  cluster.finish(Loss::kCounted);
}

}  // namespace
}  // namespace crier::testing
