#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "services/crierctl/client_ids.hpp"
#include "services/crierctl/cluster_text.hpp"
#include "services/crierctl/commands.hpp"
#include "services/crierctl/control.hpp"
#include "services/crierctl/node_options.hpp"
#include "services/crierctl/output.hpp"
#include "services/crierctl/result_text.hpp"

namespace crier::services::crierctl {
namespace {

struct DisconnectOptions {
  std::vector<std::string> ids;
  bool all = false;
  std::string listener;
  bool flush = false;
  std::string reason;
  bool validate_only = false;
  NodeOptions nodes;
};

int run_disconnect(const GlobalOptions& global, const DisconnectOptions& options) {
  v1::DisconnectRequest request;
  if (options.all) {
    request.set_all(true);
  } else {
    *request.mutable_only() = to_client_ids(options.ids);
  }
  request.set_listener(options.listener);
  request.set_flush(options.flush);
  request.set_reason(options.reason);
  request.set_validate_only(options.validate_only);
  set_nodes(request, options.nodes);

  v1::DisconnectResponse response;
  const auto status = Control(global).call(&v1::Control::Stub::Disconnect, request, response);
  if (!status.ok()) return fail(status, global);
  print_line(global.json ? json_text(response) : result_text(response));
  if (response.unreachable().empty()) return kOk;
  if (!global.json) {
    std::cerr << unreachable_text(response.unreachable(), "clients there may or may not be closed")
              << '\n';
  }
  return kPartial;
}

}  // namespace

void add_disconnect(CLI::App& app, const GlobalOptions& global, Command& selected) {
  auto options = std::make_shared<DisconnectOptions>();
  CLI::App* command = app.add_subcommand("disconnect", "Close clients");
  CLI::Option* ids = command->add_option("ID", options->ids, "The clients' ids")->type_name("");
  CLI::Option* all = command->add_flag("--all", options->all, "Every client")->excludes(ids);
  ids->excludes(all);
  command->add_option("--listener", options->listener, "Only clients of this listener")
      ->type_name("NAME");
  command->add_flag("--flush", options->flush, "Send first what is queued for them");
  command->add_option("--reason", options->reason, "Why, for the log")->type_name("TEXT");
  command->add_flag("--validate-only", options->validate_only, "Count, but close nobody");
  CLI::Option* local = add_local(*command, options->nodes.local);
  add_wait_timeout(*command, options->nodes,
                   "How long to wait for the cluster's other nodes, at most 30s")
      ->excludes(local);
  command->footer("Exit code 3: a node of the cluster did not answer; it may have closed clients.");
  command->callback([&global, &selected, options] {
    if (options->ids.empty() && !options->all) {
      throw CLI::ValidationError("disconnect", "name client ids, or say --all");
    }
    check_wait(options->nodes, global);
    selected = [&global, options] { return run_disconnect(global, *options); };
  });
}

}  // namespace crier::services::crierctl
