#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/services/cluster/cluster_fixture.hpp"

// Broadcasts over several nodes, as callers and clients see them.
namespace crier::services::cluster {
namespace {

v1::BroadcastRequest to_all(const std::string& payload, bool wait = false) {
  v1::BroadcastRequest request;
  request.set_payload(payload);
  request.set_wait_for_nodes(wait);
  return request;
}

void name(v1::BroadcastRequest& request, const dataplane::ClientId& id) {
  request.mutable_only()->add_client_ids(dataplane::to_string(id));
}

bool await_offered(TestNode& node, const std::vector<std::string>& payloads) {
  return testing::await([&] { return node.offered() == payloads; });
}

TEST(ClusterBroadcast, ReachesEveryNodeOnceAndCountsOnlyItsOwn) {
  ClusterFixture f(3);
  f[0].clients.add();
  f[1].clients.add();
  f[1].clients.add();
  const auto answer = f[0].broadcast(to_all("x"));
  ASSERT_TRUE(answer.status.ok());
  EXPECT_EQ(answer.response.matched(), 1);
  EXPECT_EQ(answer.response.local().matched(), 1);
  EXPECT_EQ(answer.response.local().node_id(), f[0].node_id());
  EXPECT_EQ(answer.response.nodes_size(), 0);
  EXPECT_EQ(answer.response.published(), v1::PUBLISHED_CONFIRMED);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(await_offered(f[i], {"x"})) << i;
  EXPECT_EQ(f[1].clients.sent()[0].source, dataplane::Source::kBus);
  EXPECT_EQ(f[0].clients.sent()[0].source, dataplane::Source::kRpc);
}

TEST(ClusterBroadcast, WaitsForEveryNodesCounts) {
  ClusterFixture f(3);
  for (int i = 0; i < 3; ++i) {
    for (int k = 0; k <= i; ++k) f[i].clients.add();
  }
  const auto answer = f[1].broadcast(to_all("x", true));
  ASSERT_TRUE(answer.status.ok());
  EXPECT_EQ(answer.response.matched(), 6);
  EXPECT_EQ(answer.response.queued(), 6);
  EXPECT_EQ(answer.response.local().matched(), 2);
  ASSERT_EQ(answer.response.nodes_size(), 2);
  std::int64_t others = 0;
  for (const auto& node : answer.response.nodes()) others += node.matched();
  EXPECT_EQ(others, 4);
  EXPECT_EQ(answer.response.unreachable_size(), 0);
}

TEST(ClusterBroadcast, NamesTheNodeThatDoesNotAnswer) {
  ClusterFixture f(3);
  f.hub.lose_to(f[2].epoch(), true);
  auto request = to_all("x", true);
  request.mutable_wait_timeout()->set_nanos(50'000'000);
  const auto answer = f[0].broadcast(request);
  ASSERT_TRUE(answer.status.ok());
  ASSERT_EQ(answer.response.nodes_size(), 1);
  EXPECT_EQ(answer.response.nodes(0).node_id(), f[1].node_id());
  ASSERT_EQ(answer.response.unreachable_size(), 1);
  EXPECT_EQ(answer.response.unreachable(0), f[2].node_id());
}

TEST(ClusterBroadcast, StaysOnItsNodeInScopeLocal) {
  ClusterFixture f(2);
  auto request = to_all("local");
  request.set_scope(v1::SCOPE_LOCAL);
  const auto answer = f[0].broadcast(request);
  EXPECT_EQ(answer.response.published(), v1::PUBLISHED_UNSPECIFIED);
  EXPECT_FALSE(answer.response.has_local());
  EXPECT_TRUE(f[0].broadcast(to_all("all")).status.ok());
  EXPECT_TRUE(await_offered(f[1], {"all"}));
}

TEST(ClusterBroadcast, KeepsTheOrderOfOneNodeAtEveryOther) {
  ClusterFixture f(3);
  std::vector<std::string> payloads;
  for (int i = 0; i < 500; ++i) {
    payloads.push_back(std::to_string(i));
    EXPECT_TRUE(f[2].broadcast(to_all(payloads.back())).status.ok());
  }
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(await_offered(f[i], payloads)) << i;
}

TEST(ClusterBroadcast, SendsNamedClientsOnlyToTheNodesThatHoldThem) {
  ClusterFixture f(3);
  const auto here = f[0].clients.add();
  const auto there = f[1].clients.add();
  auto gone = there;
  gone.serial += 1;
  auto nowhere = there;
  nowhere.incarnation = 0x999;
  auto request = to_all("x", true);
  for (const auto& id : {here, there, gone, nowhere}) name(request, id);
  request.mutable_only()->add_client_ids("malformed");
  const auto answer = f[0].broadcast(request);
  ASSERT_TRUE(answer.status.ok());
  EXPECT_EQ(answer.response.matched(), 2);
  std::vector<std::string> unknown(answer.response.unknown_client_ids().begin(),
                                   answer.response.unknown_client_ids().end());
  std::sort(unknown.begin(), unknown.end());
  std::vector<std::string> expected{dataplane::to_string(gone), dataplane::to_string(nowhere),
                                    "malformed"};
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(unknown, expected);
  EXPECT_EQ(f.hub.named_to(f[1].epoch()), 1);
  EXPECT_EQ(f.hub.named_to(f[2].epoch()), 0);
  EXPECT_EQ(f.hub.named_to(bus::kEveryone), 0);
  EXPECT_TRUE(f[2].offered().empty());
}

TEST(ClusterBroadcast, IsNotPublishedWhereNobodyElsewhereIsNamed) {
  ClusterFixture f(2);
  auto request = to_all("x");
  name(request, f[0].clients.add());
  EXPECT_EQ(f[0].broadcast(request).response.published(), v1::PUBLISHED_UNSPECIFIED);
  EXPECT_EQ(f.hub.named_to(bus::kEveryone), 0);
}

TEST(ClusterBroadcast, SaysWhyItWasNotPublished) {
  ClusterFixture f(2);
  f[0].clients.add();
  f[0].bus.answer_with(bus::Outcome::kBacklogFull);
  const auto full = f[0].broadcast(to_all("x", true));
  EXPECT_EQ(full.response.published(), v1::PUBLISHED_BACKLOG_FULL);
  EXPECT_EQ(full.response.matched(), 1);
  ASSERT_EQ(full.response.unreachable_size(), 1);
  EXPECT_EQ(full.response.unreachable(0), f[1].node_id());
  f[0].bus.answer_with(bus::Outcome::kUnconfirmed);
  EXPECT_EQ(f[0].broadcast(to_all("y")).response.published(), v1::PUBLISHED_UNCONFIRMED);
  f[0].bus.set_up(false);
  const auto down = f[0].broadcast(to_all("z"));
  EXPECT_EQ(down.response.published(), v1::PUBLISHED_BUS_DOWN);
  ASSERT_EQ(down.response.unreachable_size(), 1);
  EXPECT_EQ(down.response.unreachable(0), f[1].node_id());
}

TEST(ClusterBroadcast, CountsOnEveryNodeWithoutSending) {
  ClusterFixture f(2);
  f[0].clients.add();
  const auto there = f[1].clients.add();
  f[1].clients.add();
  auto request = to_all("x", true);
  request.set_validate_only(true);
  const auto answer = f[0].broadcast(request);
  EXPECT_EQ(answer.response.matched(), 3);
  EXPECT_EQ(answer.response.published(), v1::PUBLISHED_UNSPECIFIED);
  name(request, there);
  EXPECT_EQ(f[0].broadcast(request).response.matched(), 1);
  for (const auto& sent : f[1].clients.sent()) EXPECT_TRUE(sent.validate_only);
  request.set_wait_for_nodes(false);
  EXPECT_EQ(f[0].broadcast(request).response.matched(), 0);
}

TEST(ClusterBroadcast, ARetryAtAnotherNodeSendsNothingTwice) {
  ClusterFixture f(3);
  for (int i = 0; i < 3; ++i) f[i].clients.add();
  auto request = to_all("x", true);
  request.set_request_id("once");
  EXPECT_EQ(f[0].broadcast(request).response.matched(), 3);
  for (const int node : {1, 2, 0}) {
    const auto retry = f[node].broadcast(request);
    ASSERT_TRUE(retry.status.ok());
    EXPECT_EQ(retry.response.matched(), 3) << node;
  }
  for (int i = 0; i < 3; ++i) EXPECT_EQ(f[i].offered(), std::vector<std::string>{"x"}) << i;
  request.set_payload("other");
  EXPECT_EQ(f[2].broadcast(request).status.reason, "REQUEST_ID_REUSED");
}

TEST(ClusterBroadcast, ARetryReachesTheNodeThatMissedTheFirst) {
  ClusterFixture f(3);
  f.hub.lose_to(f[2].epoch(), true);
  auto request = to_all("x");
  request.set_request_id("once");
  EXPECT_TRUE(f[0].broadcast(request).status.ok());
  EXPECT_TRUE(await_offered(f[1], {"x"}));
  f.hub.lose_to(f[2].epoch(), false);
  EXPECT_TRUE(f[1].broadcast(request).status.ok());
  EXPECT_TRUE(await_offered(f[2], {"x"}));
  EXPECT_EQ(f[0].offered(), std::vector<std::string>{"x"});
  EXPECT_EQ(f[1].offered(), std::vector<std::string>{"x"});
}

TEST(ClusterBroadcast, WaitsInOrderWhileANodeIsOverloaded) {
  ClusterFixture f(2);
  f[1].clients.set_overloaded();
  std::vector<std::string> payloads;
  for (int i = 0; i < 100; ++i) {
    payloads.push_back(std::to_string(i));
    EXPECT_TRUE(f[0].broadcast(to_all(payloads.back())).status.ok());
  }
  EXPECT_TRUE(f[1].offered().empty());
  f[1].clients.set_ready();
  EXPECT_TRUE(await_offered(f[1], payloads));
}

TEST(ClusterBroadcast, TellsThatANodeRefused) {
  ClusterFixture f(2);
  f[1].clients.refuse_next(dataplane::Submit::kUnencodable);
  const auto answer = f[0].broadcast(to_all("x", true));
  ASSERT_EQ(answer.response.nodes_size(), 1);
  EXPECT_EQ(answer.response.nodes(0).refused(), "PAYLOAD_UNENCODABLE");
  EXPECT_EQ(answer.response.nodes(0).matched(), 0);
}

TEST(ClusterBroadcast, WhatItsOwnNodeRefusesIsNotPublished) {
  ClusterFixture f(2);
  f[0].clients.refuse_next(dataplane::Submit::kUnencodable);
  EXPECT_EQ(f[0].broadcast(to_all("x")).status.reason, "PAYLOAD_UNENCODABLE");
  f[0].clients.refuse_next(dataplane::Submit::kOverloaded);
  EXPECT_EQ(f[0].broadcast(to_all("y")).status.reason, "OVERLOADED");
  f[0].clients.refuse_next(dataplane::Submit::kMemoryFull);
  EXPECT_EQ(f[0].broadcast(to_all("y")).status.reason, "QUEUE_MEMORY_FULL");
  EXPECT_TRUE(f[0].broadcast(to_all("z")).status.ok());
  EXPECT_TRUE(await_offered(f[1], {"z"}));
}

TEST(ClusterBroadcast, RefusesBadScopesAndWaits) {
  ClusterFixture f(1);
  auto request = to_all("x");
  request.set_scope(static_cast<v1::Scope>(9));
  EXPECT_EQ(f[0].broadcast(request).status.reason, "INVALID_SCOPE");
  request = to_all("x", true);
  request.mutable_wait_timeout()->set_seconds(31);
  EXPECT_EQ(f[0].broadcast(request).status.reason, "INVALID_WAIT_TIMEOUT");
}

}  // namespace
}  // namespace crier::services::cluster
