#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/services/crierctl/command_line.hpp"
#include "tests/services/crierctl/fake_node.hpp"

namespace crier::services::crierctl {
namespace {

v1::Node& add_node(v1::ListNodesResponse& response, const std::string& id) {
  v1::Node& node = *response.add_nodes();
  node.set_node_id(id);
  node.set_control_address("192.0.2.1:50051");
  node.set_version("0.1.0");
  node.mutable_uptime()->set_seconds(182);
  node.set_bus_up(true);
  return node;
}

TEST(NodesCommand, ShowsTheNodesInATable) {
  FakeNode node;
  add_node(node.nodes_answer, "a/1").set_self(true);
  v1::Node& other = add_node(node.nodes_answer, "backup/22");
  other.set_clients(12'345);
  other.set_queued_bytes(70'000);
  other.set_missed_messages(7);
  other.mutable_heard_ago()->set_seconds(42);
  const Ended ended = run(node.options(), {"nodes"});
  EXPECT_EQ(ended.out,
            "ID         ADDRESS          VERSION  UPTIME  CLIENTS    QUEUED  BUS  GAPS  MISSED  "
            "STATE\n"
            "a/1        192.0.2.1:50051  0.1.0     3m02s        -         -  up      -       -  "
            "called\n"
            "backup/22  192.0.2.1:50051  0.1.0     3m02s    12.3k  68.4 KiB  up      -       7  "
            "unreachable, heard 42s ago\n");
  EXPECT_EQ(ended.code, kOk);
}

TEST(NodesCommand, ShowsEachNodeAsALineOfJson) {
  FakeNode node;
  add_node(node.nodes_answer, "a/1").set_self(true);
  add_node(node.nodes_answer, "b/2");
  const std::string out = run(node.json_options(), {"nodes"}).out;
  EXPECT_EQ(std::count(out.begin(), out.end(), '\n'), 2);
  EXPECT_EQ(out.substr(0, out.find('\n')),
            R"({"node_id":"a/1","name":"","self":true,"reachable":false,)"
            R"("control_address":"192.0.2.1:50051","version":"0.1.0","clients":"0",)"
            R"("queued_bytes":"0","bus_up":true,"gap_messages":"0","missed_messages":"0",)"
            R"("has_bus":false,"uptime":"182s"})");
}

TEST(NodesCommand, SaysThatAnOldCrierKnowsNoNodes) {
  FakeNode node;
  node.knows_nodes = false;
  const Ended ended = run(node.options(), {"nodes"});
  EXPECT_EQ(ended.code, kFailed);
  EXPECT_EQ(ended.error, "crierctl: UNIMPLEMENTED: " + node.options().address +
                             " does not know this call; is it a crier older than this crierctl?\n");
}

}  // namespace
}  // namespace crier::services::crierctl
