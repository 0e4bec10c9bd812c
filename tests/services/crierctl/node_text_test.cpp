#include "services/crierctl/node_text.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace crier::services::crierctl {
namespace {

using Cells = std::vector<std::string>;

v1::Node other_node() {
  v1::Node node;
  node.set_node_id("b/2");
  node.set_name("b");
  node.set_reachable(true);
  node.set_control_address("192.0.2.2:50051");
  node.set_version("0.1.0");
  node.mutable_uptime()->set_seconds(182);
  node.mutable_heard_ago()->set_nanos(350'000'000);
  node.set_clients(12'345);
  node.set_queued_bytes(70'000);
  node.set_bus_up(true);
  node.set_gap_messages(3);
  node.set_missed_messages(10'500);
  return node;
}

TEST(NodeCells, ShowHumanUnits) {
  const Cells cells = node_cells(other_node());
  EXPECT_EQ(cells, (Cells{"b/2", "192.0.2.2:50051", "0.1.0", "3m02s", "12.3k", "68.4 KiB", "up",
                          "3", "10.5k", "reachable"}));
  EXPECT_EQ(cells.size(), node_columns().size());
}

TEST(NodeCells, ShowADashForZeroAndForWhatIsNotKnown) {
  v1::Node node;
  node.set_node_id("b/2");
  EXPECT_EQ(node_cells(node),
            (Cells{"b/2", "-", "-", "-", "-", "-", "-", "-", "-", "unreachable"}));
}

TEST(NodeCells, TellABusThatIsDownFromNone) {
  v1::Node node;
  node.set_has_bus(true);
  EXPECT_EQ(node_cells(node)[6], "down");
  node.set_bus_up(true);
  EXPECT_EQ(node_cells(node)[6], "up");
}

TEST(NodeCells, MarkTheCalledNodeAlsoWhereItsBusIsDown) {
  v1::Node node = other_node();
  node.set_self(true);
  EXPECT_EQ(node_cells(node).back(), "called");
  node.set_reachable(false);
  node.set_bus_up(false);
  EXPECT_EQ(node_cells(node).back(), "called");
}

TEST(NodeCells, SayHowLongAnUnreachableNodeIsSilent) {
  v1::Node node = other_node();
  node.set_reachable(false);
  node.mutable_heard_ago()->set_seconds(42);
  EXPECT_EQ(node_cells(node).back(), "unreachable, heard 42s ago");
}

TEST(NodeCells, EscapeWhatTheNodeSaysOfItself) {
  v1::Node node = other_node();
  node.set_node_id("b\n/2");
  node.set_control_address("\x1b[2J");
  node.set_version("\x07");
  const Cells cells = node_cells(node);
  EXPECT_EQ((Cells{cells[0], cells[1], cells[2]}), (Cells{"b\\n/2", "\\x1b[2J", "\\x07"}));
}

}  // namespace
}  // namespace crier::services::crierctl
