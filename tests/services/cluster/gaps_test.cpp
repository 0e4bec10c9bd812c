#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/services/cluster/cluster_fixture.hpp"

// What is lost between nodes is counted, exactly, and nothing foreign does harm.
namespace crier::services::cluster {
namespace {

v1::BroadcastRequest to_all(const std::string& payload) {
  v1::BroadcastRequest request;
  request.set_payload(payload);
  return request;
}

void send(TestNode& node, int count, const std::string& payload = "x") {
  for (int i = 0; i < count; ++i) EXPECT_TRUE(node.broadcast(to_all(payload)).status.ok());
}

bool await_gaps(TestNode& node, std::uint64_t gaps) {
  return testing::await([&] { return node.cluster.stats().gap_messages == gaps; });
}

class Gaps : public ::testing::TestWithParam<bool> {};  // whether the bus has one path

INSTANTIATE_TEST_SUITE_P(Paths, Gaps, ::testing::Bool(),
                         [](const auto& each) { return each.param ? "OnePath" : "TwoPaths"; });

TEST_P(Gaps, AreWhatANodeMissedOnItsWay) {
  ClusterFixture f(3, GetParam());
  send(f[0], 5);
  ASSERT_TRUE(testing::await([&] { return f[2].offered().size() == 5; }));
  f.hub.lose_to(f[2].epoch(), true);
  send(f[0], 7);
  send(f[1], 2);
  f.hub.lose_to(f[2].epoch(), false);
  send(f[0], 1, "after");
  send(f[1], 1, "after");
  EXPECT_TRUE(await_gaps(f[2], 9));
  EXPECT_TRUE(testing::await([&] { return f[2].offered().size() == 7; }));
  EXPECT_EQ(f[1].cluster.stats().gap_messages, 0U);
}

TEST_P(Gaps, AreWhatAPublisherCouldNotHandOver) {
  ClusterFixture f(2, GetParam());
  send(f[0], 1);
  f[0].bus.answer_with(bus::Outcome::kBacklogFull);
  send(f[0], 4);
  f[0].bus.answer_with(bus::Outcome::kConfirmed);
  send(f[0], 1);
  EXPECT_TRUE(await_gaps(f[1], 4));
}

TEST(GapsOnOnePath, AreFoundWithoutALaterBroadcast) {
  ClusterFixture f(2);
  send(f[0], 3);
  f.hub.lose_to(f[1].epoch(), true);
  send(f[0], 4);
  v1::BroadcastRequest named = to_all("named");
  named.mutable_only()->add_client_ids(dataplane::to_string(f[1].clients.add()));
  EXPECT_TRUE(f[0].broadcast(named).status.ok());
  f.hub.lose_to(f[1].epoch(), false);
  EXPECT_TRUE(await_gaps(f[1], 5));
  const auto nodes = f[1].nodes().response;
  EXPECT_EQ(nodes.nodes(0).gap_messages(), 5);
  EXPECT_EQ(nodes.nodes(1).missed_messages(), 5);
  EXPECT_TRUE(testing::await([&] { return f[0].nodes().response.nodes(1).gap_messages() == 5; }));
}

TEST_P(Gaps, CountWhatWasPublishedBeforeTheNodesCouldMeet) {
  Hub hub;
  TestNode first(hub, "first", 0x1000, GetParam());
  TestNode second(hub, "second", 0x2000, GetParam());
  first.start();
  second.start();
  ASSERT_TRUE(testing::await([&] { return first.bus.up() && second.bus.up(); }));
  // As long as they have not heard of each other: the younger is told nothing at first.
  hub.lose_to(0x2000, true);
  send(first, 6);
  hub.lose_to(0x2000, false);
  send(first, 1);
  // All of it was for the clients of `second`, which was alive; the first count may lie in the
  // stretch of Sent::kSampleTime in which both came to life, and then it counts as well.
  EXPECT_TRUE(await_gaps(second, 6));
}

TEST_P(Gaps, DoNotCountWhatWasPublishedBeforeANodeWasBorn) {
  ClusterFixture f(2, GetParam());
  send(f[0], 20);
  ASSERT_TRUE(testing::await([&] { return f[1].offered().size() == 20; }));
  // Sent tells moments apart to kSampleTime.
  const auto later = std::chrono::steady_clock::now() + 2 * Sent::kSampleTime;
  ASSERT_TRUE(testing::await([&] { return std::chrono::steady_clock::now() > later; }));
  TestNode& late = f.add();
  f.meet();
  send(f[0], 3);
  ASSERT_TRUE(testing::await([&] { return late.offered().size() == 3; }));
  EXPECT_TRUE(testing::await([&] { return late.nodes().response.nodes_size() == 3; }));
  EXPECT_EQ(late.cluster.stats().gap_messages, 0U);
}

// Clients can only come when it has begun to listen: what was published until then was for none.
TEST_P(Gaps, DoNotCountWhatWasPublishedWhileANodeWasOnItsWay) {
  ClusterFixture f(2, GetParam());
  const auto later = std::chrono::steady_clock::now() + 2 * Sent::kSampleTime;
  ASSERT_TRUE(testing::await([&] { return std::chrono::steady_clock::now() > later; }));
  send(f[0], 20);
  TestNode& late = f.add();
  send(f[0], 20);
  f.meet();
  send(f[0], 3, "last");
  ASSERT_TRUE(testing::await([&] {
    const auto offered = late.offered();
    return offered.size() >= 3 && offered.back() == "last";
  }));
  EXPECT_EQ(late.cluster.stats().gap_messages, 0U);
}

TEST(ForeignMessages, AreCountedAndIgnored) {
  ClusterFixture f(2);
  v1::BusBody body;
  *body.mutable_broadcast()->mutable_request() = to_all("forged");
  const std::string good = body.SerializeAsString();
  const auto sealed = [&](std::uint64_t from, std::uint64_t to, const std::string& bytes) {
    return seal({"stranger", from, to, 1}, bytes);
  };
  f.hub.inject("garbage");
  f.hub.inject("");
  f.hub.inject(std::string((1U << 20U) + 1, 'x'));
  f.hub.inject(sealed(0x77, 0x999, good));
  f.hub.inject(sealed(0x77, bus::kEveryone, ""));
  f.hub.inject(sealed(f[1].epoch(), bus::kEveryone, good));  // for that node: its own
  std::string broken = sealed(0x77, bus::kEveryone, good);
  broken.back() ^= 1;
  f.hub.inject(broken);
  v1::BusEnvelope old;
  old.set_version(0);
  old.set_epoch(0x77);
  f.hub.inject(old.SerializeAsString());
  send(f[0], 1, "real");
  ASSERT_TRUE(testing::await([&] { return f[1].ignored(Ignored::kVersion) == 2; }));
  EXPECT_EQ(f[1].ignored(Ignored::kMalformed), 1U);
  EXPECT_EQ(f[1].ignored(Ignored::kTooLarge), 1U);
  EXPECT_EQ(f[1].ignored(Ignored::kOtherReceiver), 1U);
  EXPECT_EQ(f[1].ignored(Ignored::kKind), 1U);
  EXPECT_EQ(f[1].ignored(Ignored::kChecksum), 1U);
  EXPECT_TRUE(testing::await([&] { return f[1].offered().size() == 1; }));
  EXPECT_EQ(f[1].offered()[0], "real");
}

TEST(ForeignMessages, ABroadcastThatBreaksARuleIsRefusedLikeThatOfACaller) {
  ClusterFixture f(1);
  v1::BusBody body;
  *body.mutable_broadcast()->mutable_request() = to_all("x");
  body.mutable_broadcast()->mutable_request()->set_listener("nowhere");
  f.hub.inject(seal({"stranger", 0x77, bus::kEveryone, 1}, body.SerializeAsString()));
  EXPECT_TRUE(testing::await([&] { return f[0].ignored(Ignored::kRefused) == 1; }));
  EXPECT_TRUE(f[0].offered().empty());
}

TEST(ForeignMessages, ABroadcastThatComesTwiceIsOfferedOnce) {
  ClusterFixture f(1);
  v1::BusBody body;
  *body.mutable_broadcast()->mutable_request() = to_all("x");
  const std::string bytes = seal({"peer", 0x77, bus::kEveryone, 1}, body.SerializeAsString());
  f.hub.inject(bytes);
  f.hub.inject(bytes);
  EXPECT_TRUE(testing::await([&] { return f[0].ignored(Ignored::kDuplicate) == 1; }));
  EXPECT_EQ(f[0].offered().size(), 1U);
}

}  // namespace
}  // namespace crier::services::cluster
