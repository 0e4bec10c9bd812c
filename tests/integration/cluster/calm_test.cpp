#include "tests/integration/cluster/real_cluster.hpp"
#include "tests/support/scale.hpp"

// What nodes do that nobody disturbs.
namespace crier::testing {
namespace {

class Calm : public ClusterTest {};
CRIER_BOTH_MODES(Calm);

TEST_P(Calm, EveryClientGetsEveryBroadcastOnceAndInOrderWhicheverNodeWasCalled) {
  RedisServer redis;
  RealCluster::Options options = calm_options(redis.port());
  options.clients = scaled(long_form() ? 3'000 : 1'000);
  RealCluster cluster(options);
  cluster.await_met();
  cluster.start_load();
  cluster.await_answers(v1::PUBLISHED_CONFIRMED, 50);
  cluster.check_answer_times();
  cluster.finish(Loss::kNone);
  EXPECT_EQ(cluster.answers(v1::PUBLISHED_BUS_DOWN), 0U);
  EXPECT_EQ(cluster.answers(v1::PUBLISHED_BACKLOG_FULL), 0U);
}

TEST_P(Calm, ThreeStreamsAtOnceArriveWholeAtEveryClient) {
  RedisServer redis;
  RealCluster::Options options = calm_options(redis.port());
  options.clients = scaled(1'000);
  RealCluster cluster(options);
  cluster.await_met();
  cluster.start_load(scaled(20'000) / cluster.size());
  cluster.finish(Loss::kNone);
  EXPECT_EQ(cluster.answers(v1::PUBLISHED_BUS_DOWN), 0U);
  EXPECT_EQ(cluster.answers(v1::PUBLISHED_BACKLOG_FULL), 0U);
}

}  // namespace
}  // namespace crier::testing
