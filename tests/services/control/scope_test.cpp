#include "services/control/scope.hpp"

#include <gtest/gtest.h>

#include "services/control/cluster_token.hpp"
#include "services/control/node_id.hpp"
#include "services/control/page_token.hpp"

namespace crier::services::control {
namespace {

using std::chrono::milliseconds;

dataplane::ClientId client_of(std::uint64_t epoch, std::uint64_t serial) {
  dataplane::ClientId id;
  id.incarnation = epoch;
  id.serial = serial;
  return id;
}

google::protobuf::Duration duration(std::int64_t seconds, std::int32_t nanos) {
  google::protobuf::Duration duration;
  duration.set_seconds(seconds);
  duration.set_nanos(nanos);
  return duration;
}

TEST(ParseScope, MeansTheClusterUnlessTold) {
  EXPECT_EQ(parse_scope(v1::SCOPE_UNSPECIFIED).value, Scope::kCluster);
  EXPECT_EQ(parse_scope(v1::SCOPE_CLUSTER).value, Scope::kCluster);
  EXPECT_EQ(parse_scope(v1::SCOPE_LOCAL).value, Scope::kLocal);
  EXPECT_EQ(parse_scope(static_cast<v1::Scope>(3)).status.reason, "INVALID_SCOPE");
}

TEST(ParseWait, HasADefaultAndTwoBounds) {
  EXPECT_EQ(parse_wait(nullptr).value, kWaitDefault);
  const auto at = [](std::int64_t seconds, std::int32_t nanos) {
    const auto wait = duration(seconds, nanos);
    return parse_wait(&wait);
  };
  EXPECT_EQ(at(0, 1'000'000).value, milliseconds(1));
  EXPECT_EQ(at(30, 0).value, milliseconds(30'000));
  EXPECT_EQ(at(2, 500'000'000).value, milliseconds(2'500));
  for (const auto& bad : {at(0, 0), at(0, 999'999), at(30, 1'000'000), at(-1, 0), at(31, 0),
                          at(std::numeric_limits<std::int64_t>::max(), 0)}) {
    EXPECT_EQ(bad.status.reason, "INVALID_WAIT_TIMEOUT");
  }
}

TEST(SplitByNode, GivesEachKnownNodeItsOwnAndKeepsTheRest) {
  std::vector<dataplane::ClientId> ids{client_of(1, 1), client_of(2, 1), client_of(2, 2),
                                       client_of(3, 1), client_of(9, 1)};
  const std::vector<Peer> others{{2, "two", true}, {3, "three", false}, {4, "four", true}};
  const auto parts = split_by_node(ids, 1, others);
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0].epoch, 2U);
  EXPECT_EQ(parts[0].only.size(), 2U);
  EXPECT_EQ(parts[1].epoch, 3U);
  EXPECT_EQ(parts[1].only.size(), 1U);
  EXPECT_EQ(ids, (std::vector{client_of(1, 1), client_of(9, 1)}));
}

TEST(ClusterToken, ComesBackFromAnyNodeAsItWas) {
  constexpr std::uint64_t kEpoch = 0xfedcba9876543;
  const std::string local = make_page_token({kEpoch, "first"}, {.shard = 3, .slot = 5});
  const std::string token = make_cluster_token({kEpoch, local}, "first");
  const auto position = parse_cluster_token(token, "first");
  ASSERT_TRUE(position);
  EXPECT_EQ(position->epoch, kEpoch);
  EXPECT_EQ(position->token, local);
  EXPECT_FALSE(parse_cluster_token(token, "second"));
  EXPECT_FALSE(parse_cluster_token(local, "first"));
  EXPECT_FALSE(parse_cluster_token("", "first"));
  for (std::size_t at = 0; at < token.size(); ++at) {
    std::string changed = token;
    changed[at] = changed[at] == '0' ? '1' : '0';
    EXPECT_FALSE(parse_cluster_token(changed, "first")) << at;
  }
}

TEST(ClusterToken, BeginsANodeWhereItHasNoTokenOfItsOwn) {
  const auto position = parse_cluster_token(make_cluster_token({7, ""}, ""), "");
  ASSERT_TRUE(position);
  EXPECT_EQ(position->epoch, 7U);
  EXPECT_EQ(parse_page_token({7, ""}, position->token), dataplane::ListPosition{});
}

TEST(NodeId, HasANameAndARun) {
  EXPECT_EQ(make_node_id("pod-0", 0xabc), "pod-0/0000000000abc");
  EXPECT_EQ(epoch_text((std::uint64_t{1} << 52U) - 1), "fffffffffffff");
}

}  // namespace
}  // namespace crier::services::control
