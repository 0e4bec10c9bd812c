#include <algorithm>
#include <cstddef>

#include "tests/integration/cluster/real_cluster.hpp"
#include "tests/support/deadline.hpp"

// A further node joins while the others are called, and leaves again.
namespace crier::testing {
namespace {

class ComeAndGo : public ClusterTest {};
CRIER_BOTH_MODES(ComeAndGo);

// Clients of a node that has met the others, and what they get of them.
class Guests {
 public:
  Guests(Node& node, const RealCluster& cluster)
      : publishers_(cluster.size()), crowd_(Streams(cluster.size()).count()) {
    constexpr std::size_t kClients = 4;
    crowd_.add_group(node.plane.address(), kClients);
    node.plane.await_connections(kClients);
    crowd_.start();
  }

  [[nodiscard]] bool have_heard_all(std::uint64_t count) const {
    return crowd_.each(0, [&](std::size_t /*client*/, const std::vector<Tally>& tallies) {
      return std::all_of(tallies.begin(), tallies.begin() + publishers_,
                         [count](const Tally& tally) { return tally.count >= count; });
    });
  }
  // From the first number on, whichever it was for whom.
  [[nodiscard]] bool miss_nothing() const {
    return crowd_.each(0, [&](std::size_t /*client*/, const std::vector<Tally>& tallies) {
      return std::all_of(tallies.begin(), tallies.begin() + publishers_, [](const Tally& tally) {
        return tally.count == tally.last - tally.first + 1;
      });
    });
  }

 private:
  const std::ptrdiff_t publishers_;
  Crowd crowd_;
};

TEST_P(ComeAndGo, WhoJoinsUnderLoadMissesNothingFromThenOnAndCountsNoGap) {
  constexpr int kJoins = 3;
  RedisServer redis;
  const RealCluster::Options calm = calm_options(redis.port());
  RealCluster cluster(calm);
  cluster.await_met();
  cluster.start_load(false);
  cluster.await_answers(v1::PUBLISHED_CONFIRMED, 20);
  for (int i = 0; i < kJoins; ++i) {
    Node late("late-" + std::to_string(i), calm.bus);
    ASSERT_TRUE(
        await([&] { return late.bus.up() && late.cluster.stats().reachable == cluster.size(); }));
    Guests guests(late, cluster);
    EXPECT_TRUE(await([&] { return guests.have_heard_all(20); }));
    EXPECT_TRUE(guests.miss_nothing());
    EXPECT_EQ(late.cluster.stats().gap_messages, 0U);
    EXPECT_TRUE(await([&] { return cluster.reach(cluster.size()); }));
  }
  EXPECT_TRUE(await([&] { return cluster.reach(cluster.size() - 1); }));
  EXPECT_EQ(cluster.node(0).cluster.others().size(), cluster.size() - 1);
  cluster.finish(Loss::kNone);
}

}  // namespace
}  // namespace crier::testing
