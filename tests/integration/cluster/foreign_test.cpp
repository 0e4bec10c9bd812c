#include <algorithm>

#include "services/bus/redis/names.hpp"
#include "services/cluster/envelope.hpp"
#include "tests/integration/cluster/real_cluster.hpp"
#include "tests/support/deadline.hpp"
#include "tests/support/resp_client.hpp"

// Somebody else writes to the bus's channels and stream, by hand.
namespace crier::testing {
namespace {

using services::bus::redis::Names;
using services::cluster::Header;
using services::cluster::Ignored;

constexpr std::uint64_t kStranger = 0x77;
constexpr std::size_t kMessageBytesMax = 1U << 20U;

// A broadcast that no oracle expects.
std::string forged(std::uint64_t epoch, std::uint64_t sequence) {
  v1::BusBody body;
  body.mutable_broadcast()->mutable_request()->set_payload("forged");
  return services::cluster::seal(Header{"stranger", epoch, 0, sequence}, body.SerializeAsString());
}

std::string of_version(std::uint32_t version) {
  v1::BusEnvelope envelope;
  envelope.ParseFromString(forged(kStranger, 1));
  envelope.set_version(version);
  return envelope.SerializeAsString();
}

std::string of_wrong_checksum() {
  v1::BusEnvelope envelope;
  envelope.ParseFromString(forged(kStranger, 1));
  envelope.set_checksum(~envelope.checksum());
  return envelope.SerializeAsString();
}

// A body of 512 MiB, of which a few bytes are there.
std::string of_half_a_gibibyte() {
  v1::BusEnvelope envelope;
  envelope.set_version(services::cluster::kEnvelopeVersion);
  envelope.set_epoch(kStranger);
  const std::string length{'\x80', '\x80', '\x80', '\x80', '\x02'};
  return envelope.SerializeAsString() + "\x42" + length + "few";
}

class Foreign : public ClusterTest {
 protected:
  // Where nodes look for broadcasts.
  void inject(RespClient& client, const std::string& bytes) const {
    const Names names("crier", kStranger);
    if (GetParam() == Mode::kPubSub) {
      client.ask({"PUBLISH", names.all, bytes});
    } else {
      client.ask({"XADD", names.stream, "*", "t", "0", "m", bytes});
    }
  }
};
CRIER_BOTH_MODES(Foreign);

TEST_P(Foreign, MessagesAreCountedAndIgnored) {
  RedisServer redis;
  RespClient stranger(redis.port());
  RealCluster cluster(calm_options(redis.port()));
  cluster.await_met();
  cluster.start_load();
  cluster.await_answers(v1::PUBLISHED_CONFIRMED);
  EXPECT_LT(of_half_a_gibibyte().size(), 25U);
  inject(stranger, "garbage");
  inject(stranger, of_half_a_gibibyte());
  inject(stranger, of_version(0));
  inject(stranger, of_wrong_checksum());
  inject(stranger, forged(cluster.node(0).plane->incarnation(), 1));
  // Its number was there before; for the node itself it is its own, come back.
  const auto all_ignored = [&](std::size_t node, std::uint64_t duplicates) {
    return cluster.ignored(node, Ignored::kMalformed) == 2 &&
           cluster.ignored(node, Ignored::kVersion) == 1 &&
           cluster.ignored(node, Ignored::kChecksum) == 1 &&
           cluster.ignored(node, Ignored::kDuplicate) == duplicates;
  };
  EXPECT_TRUE(await([&] { return all_ignored(1, 1) && all_ignored(2, 1); }));
  cluster.await_answers(v1::PUBLISHED_CONFIRMED);
  cluster.finish(Loss::kNone);
  EXPECT_TRUE(all_ignored(0, 0));
}

// Nobody may make a node hold it; the connection ends, and what comes after it is read.
TEST_P(Foreign, AMessageLargerThanAnyOfANodeIsSurvived) {
  RedisServer redis;
  RespClient stranger(redis.port());
  RealCluster::Options small = options(redis.port());
  small.bus.max_message_bytes = kMessageBytesMax;
  RealCluster cluster(small);
  cluster.await_met();
  cluster.start_load();
  cluster.await_answers(v1::PUBLISHED_CONFIRMED);
  const auto before = cluster.losses();
  inject(stranger, std::string(4 * kMessageBytesMax, 'x'));
  cluster.await_losses(before);
  cluster.await_met();
  cluster.await_answers(v1::PUBLISHED_CONFIRMED);
  cluster.finish(GetParam() == Mode::kPubSub ? Loss::kCounted : Loss::kNone);
}

}  // namespace
}  // namespace crier::testing
