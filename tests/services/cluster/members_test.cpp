#include "services/cluster/members.hpp"

#include <gtest/gtest.h>

namespace crier::services::cluster {
namespace {

using namespace std::chrono_literals;

constexpr Members::Clock::time_point kStart{};

TEST(Members, AreKnownFromTheirFirstHeartbeat) {
  Members members(5s);
  members.heard(1, kStart);
  EXPECT_TRUE(members.all().empty());
  EXPECT_EQ(members.heartbeat(1, "one", {}, kStart), Members::Beat::kNew);
  EXPECT_EQ(members.heartbeat(1, "one", {}, kStart), Members::Beat::kKnown);
  EXPECT_EQ(members.all().size(), 1U);
  EXPECT_EQ(members.node_id(1), "one/0000000000001");
}

TEST(Members, AreSilentAfterTheirBound) {
  Members members(5s);
  EXPECT_EQ(members.heartbeat(1, "one", {}, kStart), Members::Beat::kNew);
  const Members::Member& member = members.all().at(1);
  EXPECT_FALSE(members.silent(member, kStart + 5s));
  EXPECT_TRUE(members.silent(member, kStart + 5001ms));
  members.heard(1, kStart + 5001ms);
  EXPECT_FALSE(members.silent(member, kStart + 5001ms));
}

TEST(Members, AreForgottenAfterALongSilenceButNotTheirNames) {
  Members members(5s);
  EXPECT_EQ(members.heartbeat(1, "one", {}, kStart), Members::Beat::kNew);
  EXPECT_TRUE(members.forget_silent(kStart + kForgetNode).empty());
  EXPECT_EQ(members.forget_silent(kStart + kForgetNode + 1ms), std::vector<std::uint64_t>{1});
  EXPECT_TRUE(members.all().empty());
  EXPECT_EQ(members.node_id(1), "one/0000000000001");
  EXPECT_EQ(members.node_id(2), "?/0000000000002");
}

TEST(Members, AreBounded) {
  Members members(5s);
  for (std::uint64_t epoch = 1; epoch <= kNodesMax; ++epoch) {
    EXPECT_EQ(members.heartbeat(epoch, "n", {}, kStart), Members::Beat::kNew);
  }
  EXPECT_EQ(members.heartbeat(kNodesMax + 1, "n", {}, kStart), Members::Beat::kTooMany);
  EXPECT_EQ(members.heartbeat(1, "n", {}, kStart), Members::Beat::kKnown);
  members.left(1);
  EXPECT_EQ(members.heartbeat(kNodesMax + 1, "n", {}, kStart), Members::Beat::kNew);
}

TEST(Members, HaveNamesThatAreSafeToPrint) {
  Members members(5s);
  EXPECT_EQ(members.heartbeat(1, "a b\n\x1b[31m", {}, kStart), Members::Beat::kNew);
  EXPECT_EQ(members.all().at(1).name, "a?b??[31m");
  EXPECT_EQ(members.heartbeat(2, std::string(1'000, 'x'), {}, kStart), Members::Beat::kNew);
  EXPECT_EQ(members.all().at(2).name.size(), 64U);
  EXPECT_EQ(members.heartbeat(3, "", {}, kStart), Members::Beat::kNew);
  EXPECT_EQ(members.all().at(3).name, "?");
}

}  // namespace
}  // namespace crier::services::cluster
