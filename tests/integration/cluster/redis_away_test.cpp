#include "tests/integration/cluster/real_cluster.hpp"
#include "tests/support/deadline.hpp"

// Redis goes away under load, or is not there yet.
namespace crier::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// The promise: so long after Redis's return every node reaches every other.
constexpr seconds kRecoveryMax{6};

class RedisAway : public ClusterTest {
 protected:
  // Whatever is promised for a bus that is away: who calls is answered, and told.
  void stay_away(RealCluster& cluster) const {
    cluster.await_down();
    const bool pub_sub = GetParam() == Mode::kPubSub;
    cluster.await_answers(pub_sub ? v1::PUBLISHED_BUS_DOWN : v1::PUBLISHED_UNCONFIRMED);
    if (!long_form()) return;
    const Deadline end(seconds(10));
    (void)await([&] { return end.passed(); });
    cluster.check_answer_times();
  }
  void recover(RealCluster& cluster) const {
    const auto back = std::chrono::steady_clock::now();
    cluster.await_met();
    const auto took =
        std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - back);
    std::printf("met again after %ld ms\n", took.count());
    if (long_form()) {
      EXPECT_LE(took, kRecoveryMax);
    }
  }
  // Without a stream what is published meanwhile does not come; a stream keeps it.
  void finish(RealCluster& cluster) const {
    if (GetParam() == Mode::kStream) {
      cluster.finish(Loss::kNone);
    } else {
      EXPECT_GE(cluster.finish(Loss::kCounted), cluster.answers(v1::PUBLISHED_BUS_DOWN));
    }
  }
};
CRIER_BOTH_MODES(RedisAway);

TEST_P(RedisAway, KilledAndRestartedUnderLoad) {
  RedisServer redis(redis_arguments(GetParam()));
  RealCluster cluster(options(redis.port()));
  cluster.await_met();
  cluster.start_load();
  cluster.await_answers(v1::PUBLISHED_CONFIRMED);
  redis.kill();
  stay_away(cluster);
  redis.start();
  recover(cluster);
  cluster.await_answers(v1::PUBLISHED_CONFIRMED);
  finish(cluster);
}

TEST_P(RedisAway, FrozenAndThawedUnderLoad) {
  RedisServer redis;
  RealCluster cluster(options(redis.port()));
  cluster.await_met();
  cluster.start_load();
  cluster.await_answers(v1::PUBLISHED_CONFIRMED);
  redis.freeze();
  cluster.await_answers(v1::PUBLISHED_UNCONFIRMED, 1);
  stay_away(cluster);
  redis.thaw();
  recover(cluster);
  cluster.await_answers(v1::PUBLISHED_CONFIRMED);
  finish(cluster);
}

// Too short for anybody to give up: it all comes, later.
TEST_P(RedisAway, FrozenForAMoment) {
  RedisServer redis;
  RealCluster cluster(calm_options(redis.port()));
  cluster.await_met();
  cluster.start_load();
  cluster.await_answers(v1::PUBLISHED_CONFIRMED);
  redis.freeze();
  cluster.await_answers(v1::PUBLISHED_UNCONFIRMED, 10);
  cluster.check_answer_times();
  redis.thaw();
  cluster.await_answers(v1::PUBLISHED_CONFIRMED);
  cluster.finish(Loss::kNone);
  EXPECT_EQ(cluster.answers(v1::PUBLISHED_BUS_DOWN), 0U);
}

// Before they meet, nodes tell moments apart to 50 ms and to a message's way: all is published well
// after the last of them came to life, so that each has to count all of it.
TEST_P(RedisAway, StartedAfterTheNodes) {
  RedisServer::Options later;
  later.started = false;
  RedisServer redis(later);
  RealCluster cluster(options(redis.port()));
  const Deadline alive(seconds(1));
  (void)await([&] { return alive.passed(); });
  cluster.start_load(false);
  stay_away(cluster);
  redis.start();
  recover(cluster);
  cluster.await_answers(v1::PUBLISHED_CONFIRMED);
  cluster.finish(Loss::kCounted);
}

}  // namespace
}  // namespace crier::testing
