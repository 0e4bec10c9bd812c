#include <gtest/gtest.h>

#include <future>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/services/cluster/cluster_fixture.hpp"

// ListClients, GetClient, Disconnect and ListNodes over several nodes.
namespace crier::services::cluster {
namespace {

using control::Control;

struct Listing {
  std::map<std::string, int> seen;
  std::set<std::string> unreachable;
  std::int64_t total = 0;
  int pages = 0;
};

// Asks another node for every page.
Listing list_all(ClusterFixture& f, std::vector<std::size_t> nodes, int page_size,
                 const std::function<void(int page)>& between = {}) {
  Listing listing;
  v1::ListClientsRequest request;
  request.set_page_size(page_size);
  do {
    TestNode& node = f[nodes[static_cast<std::size_t>(listing.pages) % nodes.size()]];
    const auto page = node.ask(&Control::list_clients, request);
    EXPECT_TRUE(page.status.ok()) << page.status.reason;
    for (const auto& client : page.response.clients()) ++listing.seen[client.client_id()];
    for (const auto& id : page.response.unreachable()) listing.unreachable.insert(id);
    listing.total = page.response.total_size();
    request.set_page_token(page.response.next_page_token());
    if (between) between(listing.pages);
    ++listing.pages;
  } while (!request.page_token().empty() && listing.pages < 1'000);
  return listing;
}

TEST(ClusterListing, ShowsEveryClientOnceFromWhicheverNodeIsAsked) {
  ClusterFixture f(3);
  std::set<std::string> all;
  for (int i = 0; i < 3; ++i) {
    for (int k = 0; k < 5 + i; ++k) all.insert(dataplane::to_string(f[i].clients.add()));
  }
  for (const int page_size : {1, 2, 5, 7, 100}) {
    const Listing listing = list_all(f, {2, 0, 1}, page_size);
    EXPECT_EQ(listing.seen.size(), all.size()) << page_size;
    for (const auto& [id, times] : listing.seen) {
      EXPECT_EQ(times, 1);
      EXPECT_TRUE(all.contains(id));
    }
    EXPECT_EQ(listing.total, 18);
    EXPECT_TRUE(listing.unreachable.empty());
  }
}

TEST(ClusterListing, FillsAPageOverNodes) {
  ClusterFixture f(3);
  for (int i = 0; i < 3; ++i) f[i].clients.add();
  EXPECT_EQ(list_all(f, {1}, 100).pages, 1);
}

TEST(ClusterListing, SurvivesANodeThatLeavesBetweenPages) {
  ClusterFixture f(3);
  std::set<std::string> stay;
  for (int i = 0; i < 3; ++i) {
    for (int k = 0; k < 4; ++k) {
      const auto id = f[i].clients.add();
      if (i != 1) stay.insert(dataplane::to_string(id));
    }
  }
  const std::string gone = f[1].node_id();
  const Listing listing = list_all(f, {2}, 3, [&](int page) {
    if (page != 1) return;
    f[1].stop();
    ASSERT_TRUE(testing::await([&] { return f[2].cluster.others().size() == 1; }));
  });
  for (const auto& id : stay) EXPECT_EQ(listing.seen.count(id), 1U);
  for (const auto& [id, times] : listing.seen) EXPECT_EQ(times, 1);
  EXPECT_TRUE(listing.unreachable.contains(gone));
}

TEST(ClusterListing, NamesTheNodeThatIsSilent) {
  ClusterFixture f(3);
  for (int i = 0; i < 3; ++i) f[i].clients.add();
  f.hub.lose_to(f[0].epoch(), true);
  const Listing listing = list_all(f, {1}, 2);
  EXPECT_EQ(listing.seen.size(), 2U);
  EXPECT_EQ(listing.total, 2);
  EXPECT_EQ(listing.unreachable, std::set<std::string>{f[0].node_id()});
}

TEST(ClusterListing, RefusesTokensOfOtherListings) {
  ClusterFixture f(2);
  for (int i = 0; i < 2; ++i) f[i].clients.add();
  v1::ListClientsRequest request;
  request.set_page_size(1);
  const auto page = f[0].ask(&Control::list_clients, request);
  ASSERT_FALSE(page.response.next_page_token().empty());
  request.set_page_token(page.response.next_page_token());
  request.set_listener("first");
  EXPECT_EQ(f[0].ask(&Control::list_clients, request).status.reason, "BAD_PAGE_TOKEN");
  request.clear_listener();
  request.set_scope(v1::SCOPE_LOCAL);
  EXPECT_EQ(f[0].ask(&Control::list_clients, request).status.reason, "BAD_PAGE_TOKEN");
}

TEST(ClusterGetClient, AsksTheNodeThatHoldsIt) {
  ClusterFixture f(2);
  const auto there = f[1].clients.add(1);
  v1::GetClientRequest request;
  request.set_client_id(dataplane::to_string(there));
  const auto found = f[0].ask(&Control::get_client, request);
  ASSERT_TRUE(found.status.ok());
  EXPECT_EQ(found.response.client_id(), request.client_id());
  EXPECT_EQ(found.response.listener(), "second");
  request.set_scope(v1::SCOPE_LOCAL);
  EXPECT_EQ(f[0].ask(&Control::get_client, request).status.reason, "UNKNOWN_CLIENT");
  request.set_scope(v1::SCOPE_CLUSTER);
  f[1].clients.remove(there);
  EXPECT_EQ(f[0].ask(&Control::get_client, request).status.reason, "UNKNOWN_CLIENT");
  f.hub.lose_to(f[1].epoch(), true);
  const auto lost = f[0].ask(&Control::get_client, request);
  EXPECT_EQ(lost.status.reason, "NODE_UNREACHABLE");
  EXPECT_EQ(lost.status.code, control::Code::kUnavailable);
}

TEST(ClusterDisconnectCall, ClosesWhereTheClientsAre) {
  ClusterFixture f(3);
  const auto here = f[0].clients.add();
  const auto there = f[1].clients.add();
  v1::DisconnectRequest request;
  request.mutable_only()->add_client_ids(dataplane::to_string(here));
  request.mutable_only()->add_client_ids(dataplane::to_string(there));
  request.mutable_only()->add_client_ids("nobody");
  request.set_reason("why");
  request.set_flush(true);
  const auto answer = f[0].ask(&Control::disconnect, request);
  ASSERT_TRUE(answer.status.ok());
  EXPECT_EQ(answer.response.matched(), 2);
  EXPECT_EQ(answer.response.disconnected(), 2);
  ASSERT_EQ(answer.response.unknown_client_ids_size(), 1);
  ASSERT_EQ(f[1].clients.disconnects().size(), 1U);
  EXPECT_EQ(f[1].clients.disconnects()[0].reason, "why");
  EXPECT_TRUE(f[1].clients.disconnects()[0].flush);
  EXPECT_TRUE(f[2].clients.disconnects().empty());
}

TEST(ClusterDisconnectCall, ClosesAllOnceAlsoWhenRetriedElsewhere) {
  ClusterFixture f(3);
  for (int i = 0; i < 3; ++i) f[i].clients.add();
  v1::DisconnectRequest request;
  request.set_all(true);
  request.set_request_id("once");
  EXPECT_EQ(f[0].ask(&Control::disconnect, request).response.disconnected(), 3);
  EXPECT_EQ(f[2].ask(&Control::disconnect, request).response.disconnected(), 3);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(f[i].clients.disconnects().size(), 1U) << i;
}

TEST(ClusterDisconnectCall, NamesTheNodeThatDoesNotAnswer) {
  ClusterFixture f(2);
  f[0].clients.add();
  f.hub.lose_to(f[1].epoch(), true);
  v1::DisconnectRequest request;
  request.set_all(true);
  request.mutable_wait_timeout()->set_nanos(50'000'000);
  const auto answer = f[0].ask(&Control::disconnect, request);
  EXPECT_EQ(answer.response.disconnected(), 1);
  ASSERT_EQ(answer.response.unreachable_size(), 1);
  EXPECT_EQ(answer.response.unreachable(0), f[1].node_id());
}

// Where questions may overtake broadcasts: nobody is closed before what was sent to them has come.
TEST(ClusterDisconnectCall, WaitsForTheBroadcastsBeforeIt) {
  ClusterFixture f(2, false);
  f[1].clients.add();
  f.hub.hold_ordered(true);
  v1::BroadcastRequest broadcast;
  broadcast.set_payload("last words");
  EXPECT_TRUE(f[0].broadcast(broadcast).status.ok());
  v1::DisconnectRequest request;
  request.set_all(true);
  auto answer =
      std::async(std::launch::async, [&] { return f[0].ask(&Control::disconnect, request); });
  ASSERT_TRUE(testing::await([&] { return f[0].clients.disconnects().size() == 1; }));
  f.hub.hold_ordered(false);
  EXPECT_EQ(answer.get().response.disconnected(), 1);
  EXPECT_EQ(f[1].offered(), std::vector<std::string>{"last words"});
  EXPECT_EQ(f[1].clients.disconnects().size(), 1U);
}

TEST(ClusterDisconnectCall, DoesNotWaitForEverForABroadcastThatNeverComes) {
  ClusterFixture f(2, false);
  f[1].clients.add();
  f[0].bus.answer_with(bus::Outcome::kBacklogFull);
  v1::BroadcastRequest broadcast;
  broadcast.set_payload("lost");
  EXPECT_TRUE(f[0].broadcast(broadcast).status.ok());
  v1::DisconnectRequest request;
  request.set_all(true);
  EXPECT_EQ(f[0].ask(&Control::disconnect, request).response.disconnected(), 1);
}

TEST(ClusterNodes, AreListedWithWhatTheySayOfThemselves) {
  ClusterFixture f(3);
  f[2].clients.add();
  ASSERT_TRUE(testing::await([&] {
    const auto nodes = f[0].nodes().response.nodes();
    return nodes.size() == 3 && nodes[2].clients() == 1;
  }));
  const auto nodes = f[0].nodes().response.nodes();
  EXPECT_TRUE(nodes[0].self());
  EXPECT_TRUE(nodes[0].bus_up());
  EXPECT_EQ(nodes[0].node_id(), f[0].node_id());
  EXPECT_EQ(nodes[2].node_id(), f[2].node_id());
  EXPECT_EQ(nodes[2].name(), "node-3");
  EXPECT_EQ(nodes[2].version(), "test");
  EXPECT_TRUE(nodes[2].reachable());
}

TEST(ClusterNodes, ANodeThatSaysGoodbyeIsForgottenAtOnce) {
  ClusterFixture f(2);
  f[1].stop();
  EXPECT_TRUE(testing::await([&] { return f[0].nodes().response.nodes_size() == 1; }));
}

TEST(ClusterNodes, NobodyIsReachableWithoutABus) {
  ClusterFixture f(2);
  f[0].bus.set_up(false);
  const auto nodes = f[0].nodes().response.nodes();
  ASSERT_EQ(nodes.size(), 2);
  EXPECT_FALSE(nodes[0].bus_up());
  EXPECT_FALSE(nodes[1].reachable());
  f[0].bus.set_up(true);
  f.meet();
}

}  // namespace
}  // namespace crier::services::cluster
