#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <string>

#include "tests/services/crierctl/command_line.hpp"
#include "tests/services/crierctl/fake_node.hpp"

namespace crier::services::crierctl {
namespace {

v1::BroadcastResponse of_called_node() {
  v1::BroadcastResponse response;
  response.set_matched(3);
  response.set_queued(3);
  response.mutable_local()->set_node_id("a/1");
  response.mutable_local()->set_matched(3);
  response.mutable_local()->set_queued(3);
  return response;
}

TEST(BroadcastCommand, PrintsOneLineWithoutACluster) {
  FakeNode node;
  node.broadcast_answer = of_called_node();
  EXPECT_EQ(run(node.options(), {"broadcast", "x"}).out, "matched 3, queued 3\n");
  node.broadcast_answer.clear_local();  // as a crier that knows no clusters
  const Ended ended = run(node.options(), {"broadcast", "--wait-for-nodes", "x"});
  EXPECT_EQ(ended.out, "matched 3, queued 3\n");
  EXPECT_EQ(ended.code, kOk);
}

TEST(BroadcastCommand, PrintsWhatEachNodeOfAClusterCounted) {
  FakeNode node;
  node.broadcast_answer = of_called_node();
  node.broadcast_answer.set_matched(5);
  node.broadcast_answer.set_queued(5);
  v1::NodeCounts& other = *node.broadcast_answer.add_nodes();
  other.set_node_id("b/2");
  other.set_matched(2);
  other.set_queued(2);
  node.broadcast_answer.set_published(v1::PUBLISHED_CONFIRMED);
  const std::string counts =
      "matched 5, queued 5\n"
      "node a/1: matched 3, queued 3\n"
      "node b/2: matched 2, queued 2\n";
  Ended ended = run(node.options(), {"broadcast", "--wait-for-nodes", "x"});
  EXPECT_EQ(ended.out, counts + "published: confirmed by the bus\n");
  EXPECT_EQ(ended.code, kOk);

  node.broadcast_answer.add_unreachable("c/3");
  ended = run(node.options(), {"broadcast", "--wait-for-nodes", "x"});
  EXPECT_EQ(ended.out, counts +
                           "unreachable: c/3; clients there may not have got it\n"
                           "published: confirmed by the bus\n");
  EXPECT_EQ(ended.code, kPartial);
}

TEST(BroadcastCommand, TellsScriptsThatItDidNotReachEveryNode) {
  FakeNode node;
  node.broadcast_answer = of_called_node();
  node.broadcast_answer.set_published(v1::PUBLISHED_BUS_DOWN);
  Ended ended = run(node.options(), {"broadcast", "x"});
  EXPECT_EQ(ended.out,
            "matched 3, queued 3\n"
            "not published: no connection to the bus; the counts are of node a/1 alone\n");
  EXPECT_EQ(ended.code, kPartial);
  ended = run(node.json_options(), {"broadcast", "x"});
  EXPECT_EQ(ended.out,
            R"({"matched":"3","queued":"3","dropped":[],"evicted":"0","unknown_client_ids":[],)"
            R"("local":{"node_id":"a/1","matched":"3","queued":"3","dropped":[],"evicted":"0",)"
            R"("refused":""},"nodes":[],"unreachable":[],"published":"PUBLISHED_BUS_DOWN"})"
            "\n");
  EXPECT_EQ(ended.code, kPartial);
}

TEST(BroadcastCommand, CountsTheLinesThatWereNotPublished) {
  FakeNode node;
  std::array<int, 2> pipe_ends{};
  ASSERT_EQ(pipe(pipe_ends.data()), 0);
  ASSERT_EQ(write(pipe_ends[1], "a\nb\n", 4), 4);
  close(pipe_ends[1]);
  ASSERT_EQ(dup2(pipe_ends[0], STDIN_FILENO), STDIN_FILENO);
  close(pipe_ends[0]);
  node.broadcast_answer = of_called_node();
  node.broadcast_answer.set_published(v1::PUBLISHED_BACKLOG_FULL);
  const Ended ended = run(node.options(), {"broadcast", "--local"});
  EXPECT_EQ(ended.out, "2 broadcasts: matched 6, queued 6, not published 2\n");
  EXPECT_EQ(ended.code, kPartial);
  EXPECT_EQ(node.broadcast.scope(), v1::SCOPE_LOCAL);
}

}  // namespace
}  // namespace crier::services::crierctl
