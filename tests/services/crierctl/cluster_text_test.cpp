#include "services/crierctl/cluster_text.hpp"

#include <gtest/gtest.h>

#include <string>

namespace crier::services::crierctl {
namespace {

constexpr v1::Published kOfANewerServer = static_cast<v1::Published>(99);

v1::BroadcastResponse of_called_node(v1::Published published = v1::PUBLISHED_UNSPECIFIED) {
  v1::BroadcastResponse response;
  response.set_matched(3);
  response.set_queued(3);
  response.mutable_local()->set_node_id("a/1");
  response.mutable_local()->set_matched(3);
  response.mutable_local()->set_queued(3);
  response.set_published(published);
  return response;
}

v1::NodeCounts& add_node(v1::BroadcastResponse& response, const std::string& id,
                         std::int64_t matched) {
  v1::NodeCounts& node = *response.add_nodes();
  node.set_node_id(id);
  node.set_matched(matched);
  node.set_queued(matched);
  return node;
}

TEST(ClusterText, IsNothingOfALoneNodeAndOfAnOldCrier) {
  for (const auto& response : {of_called_node(), v1::BroadcastResponse()}) {
    EXPECT_EQ(nodes_text(response), "");
    EXPECT_EQ(published_text(response), "");
    EXPECT_TRUE(reached_every_node(response));
  }
}

TEST(NodesText, HasALineForEachNodeAndOneForTheUnreachable) {
  v1::BroadcastResponse response = of_called_node(v1::PUBLISHED_CONFIRMED);
  add_node(response, "b/2", 4);
  add_node(response, "c/3", 0).set_refused("PAYLOAD_TOO_LARGE");
  response.add_unreachable("d/4");
  response.add_unreachable("e/5");
  EXPECT_EQ(nodes_text(response),
            "node a/1: matched 3, queued 3\n"
            "node b/2: matched 4, queued 4\n"
            "node c/3: matched 0, queued 0, refused: PAYLOAD_TOO_LARGE\n"
            "unreachable: d/4, e/5; clients there may not have got it\n");
}

TEST(NodesText, NamesTheUnreachableWhereNobodyAnswered) {
  v1::BroadcastResponse response = of_called_node(v1::PUBLISHED_CONFIRMED);
  response.add_unreachable("b/2");
  EXPECT_EQ(nodes_text(response), "unreachable: b/2; clients there may not have got it\n");
}

TEST(NodesText, TellsThatTheCalledNodeRefused) {
  v1::BroadcastResponse response = of_called_node();
  response.mutable_local()->set_refused("UNKNOWN_LISTENER");
  EXPECT_EQ(nodes_text(response), "node a/1: matched 3, queued 3, refused: UNKNOWN_LISTENER\n");
}

TEST(NodesText, EscapesWhatNodesCallThemselves) {
  v1::BroadcastResponse response = of_called_node();
  add_node(response, "b\n\x1b[2J", 1);
  response.add_unreachable("c\r");
  EXPECT_EQ(nodes_text(response),
            "node a/1: matched 3, queued 3\n"
            "node b\\n\\x1b[2J: matched 1, queued 1\n"
            "unreachable: c\\r; clients there may not have got it\n");
}

TEST(PublishedText, SaysWhatBecameOfItAndWhoseTheCountsAre) {
  const std::string whose = "; the counts are of node a/1 alone\n";
  EXPECT_EQ(published_text(of_called_node(v1::PUBLISHED_CONFIRMED)),
            "published: confirmed by the bus" + whose);
  EXPECT_EQ(published_text(of_called_node(v1::PUBLISHED_UNCONFIRMED)),
            "published: not yet confirmed by the bus" + whose);
  EXPECT_EQ(published_text(of_called_node(v1::PUBLISHED_BUS_DOWN)),
            "not published: no connection to the bus" + whose);
  EXPECT_EQ(published_text(of_called_node(v1::PUBLISHED_BACKLOG_FULL)),
            "not published: too much waits for the bus already" + whose);
  EXPECT_EQ(published_text(of_called_node(kOfANewerServer)), "published: unknown" + whose);
}

TEST(PublishedText, LeavesTheCountsToTheNodesThatAnswered) {
  v1::BroadcastResponse response = of_called_node(v1::PUBLISHED_CONFIRMED);
  add_node(response, "b/2", 4);
  EXPECT_EQ(published_text(response), "published: confirmed by the bus\n");
}

TEST(PublishedText, EscapesTheNode) {
  v1::BroadcastResponse response = of_called_node(v1::PUBLISHED_CONFIRMED);
  response.mutable_local()->set_node_id("a\x07");
  EXPECT_EQ(published_text(response),
            "published: confirmed by the bus; the counts are of node a\\x07 alone\n");
}

TEST(UnreachableText, ShowsTenAndCountsTheRest) {
  v1::ListClientsResponse page;
  EXPECT_EQ(unreachable_text(page.unreachable(), "clients there may be missing"), "");
  for (int i = 0; i < 12; ++i) page.add_unreachable(std::to_string(i));
  EXPECT_EQ(unreachable_text(page.unreachable(), "clients there may be missing"),
            "unreachable: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more; clients there may be missing");
}

TEST(ReachedEveryNode, IsFalseWhereTheBusDidNotTakeIt) {
  EXPECT_TRUE(reached_every_node(of_called_node(v1::PUBLISHED_CONFIRMED)));
  EXPECT_TRUE(reached_every_node(of_called_node(v1::PUBLISHED_UNCONFIRMED)));
  EXPECT_FALSE(reached_every_node(of_called_node(v1::PUBLISHED_BUS_DOWN)));
  EXPECT_FALSE(reached_every_node(of_called_node(v1::PUBLISHED_BACKLOG_FULL)));
  EXPECT_TRUE(reached_every_node(of_called_node(kOfANewerServer)));
}

TEST(ReachedEveryNode, IsFalseWhereANodeIsUnreachable) {
  v1::BroadcastResponse response = of_called_node(v1::PUBLISHED_CONFIRMED);
  response.add_unreachable("b/2");
  EXPECT_FALSE(reached_every_node(response));
}

TEST(ReachedEveryNode, IsFalseWhereANodeRefusedUnlessItHasNoSuchListener) {
  v1::BroadcastResponse response = of_called_node(v1::PUBLISHED_CONFIRMED);
  add_node(response, "b/2", 0).set_refused("UNKNOWN_LISTENER");
  EXPECT_TRUE(reached_every_node(response));
  response.mutable_local()->set_refused("PAYLOAD_UNENCODABLE");
  EXPECT_FALSE(reached_every_node(response));
  response.mutable_local()->clear_refused();
  response.mutable_nodes(0)->set_refused("PAYLOAD_TOO_LARGE");
  EXPECT_FALSE(reached_every_node(response));
}

}  // namespace
}  // namespace crier::services::crierctl
