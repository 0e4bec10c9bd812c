#include <iostream>

#include "services/crierctl/commands.hpp"
#include "services/crierctl/control.hpp"
#include "services/crierctl/node_text.hpp"
#include "services/crierctl/output.hpp"

namespace crier::services::crierctl {
namespace {

int run_nodes(const GlobalOptions& global) {
  v1::ListNodesResponse response;
  const auto status =
      Control(global).call(&v1::Control::Stub::ListNodes, v1::ListNodesRequest(), response);
  if (!status.ok()) return fail(status, global);
  if (global.json) {
    for (const v1::Node& node : response.nodes()) print_line(json_text(node));
    return kOk;
  }
  Table table(node_columns());
  for (const v1::Node& node : response.nodes()) table.add(node_cells(node));
  std::cout << table.take_text();
  return kOk;
}

}  // namespace

void add_nodes(CLI::App& app, const GlobalOptions& global, Command& selected) {
  CLI::App* command = app.add_subcommand("nodes", "Show the nodes of the cluster");
  command->footer(
      "As the called node knows them: of others, what they last said. BUS: whether the node is\n"
      "connected to the bus. GAPS: broadcasts of other nodes that it has missed. MISSED: "
      "broadcasts\n"
      "of it that the called node has missed. With --json: one JSON object per line and node.");
  command->callback([&global, &selected] { selected = [&global] { return run_nodes(global); }; });
}

}  // namespace crier::services::crierctl
