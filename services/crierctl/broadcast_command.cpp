#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "services/crierctl/broadcast_lines.hpp"
#include "services/crierctl/client_ids.hpp"
#include "services/crierctl/cluster_text.hpp"
#include "services/crierctl/commands.hpp"
#include "services/crierctl/control.hpp"
#include "services/crierctl/enum_text.hpp"
#include "services/crierctl/escape.hpp"
#include "services/crierctl/node_options.hpp"
#include "services/crierctl/output.hpp"
#include "services/crierctl/payload_file.hpp"
#include "services/crierctl/result_text.hpp"

namespace crier::services::crierctl {
namespace {

struct BroadcastOptions {
  std::string payload;
  std::string file;
  std::string listener;
  std::vector<std::string> only;
  std::vector<std::string> except;
  v1::OverflowPolicy overflow = v1::OVERFLOW_POLICY_UNSPECIFIED;
  std::string request_id;
  bool validate_only = false;
  NodeOptions nodes;
  bool wait_for_nodes = false;

  // Given on the command line; an empty list or payload means something too.
  const CLI::Option* payload_option = nullptr;
  const CLI::Option* file_option = nullptr;
  const CLI::Option* only_option = nullptr;

  [[nodiscard]] bool reads_lines() const { return !*payload_option && !*file_option; }
};

v1::BroadcastRequest to_request(const BroadcastOptions& options) {
  v1::BroadcastRequest request;
  if (*options.only_option) *request.mutable_only() = to_client_ids(options.only);
  if (!options.except.empty()) *request.mutable_except() = to_client_ids(options.except);
  request.set_listener(options.listener);
  request.set_overflow(options.overflow);
  request.set_request_id(options.request_id);
  request.set_validate_only(options.validate_only);
  set_nodes(request, options.nodes);
  request.set_wait_for_nodes(options.wait_for_nodes);
  return request;
}

int run_broadcast(const GlobalOptions& global, const BroadcastOptions& options) {
  v1::BroadcastRequest request = to_request(options);
  if (options.reads_lines()) return broadcast_lines(global, request);

  request.set_payload(options.payload);
  if (*options.file_option) {
    auto payload = read_payload(options.file, kPayloadBytesMax);
    if (const auto* error = std::get_if<PayloadError>(&payload)) return fail(kUsage, error->text);
    request.set_payload(std::get<std::string>(std::move(payload)));
  }
  v1::BroadcastResponse response;
  const auto status = Control(global).call(&v1::Control::Stub::Broadcast, request, response);
  if (!status.ok()) return fail(status, global);
  if (global.json) {
    print_line(json_text(response));
  } else {
    print_line(result_text(response));
    std::cout << nodes_text(response) << published_text(response);
  }
  return reached_every_node(response) ? kOk : kPartial;
}

// Turns drop_newest, drop_oldest or disconnect into the enumerator's number.
CLI::Validator overflow_policy() {
  const auto convert = [](std::string& text) -> std::string {
    for (const auto policy : {v1::OVERFLOW_POLICY_DROP_NEWEST, v1::OVERFLOW_POLICY_DROP_OLDEST,
                              v1::OVERFLOW_POLICY_DISCONNECT}) {
      if (text_of(policy) != text) continue;
      text = std::to_string(policy);
      return {};
    }
    return "'" + escaped(text) + "' is none of drop_newest, drop_oldest, disconnect";
  };
  return {convert, ""};
}

void add_target_options(CLI::App& command, BroadcastOptions& options) {
  command.add_option("--listener", options.listener, "Only to clients of this listener")
      ->type_name("NAME");
  options.only_option =
      add_client_ids(command, "--only", options.only, "Only to these clients; \"\": to nobody");
  add_client_ids(command, "--except", options.except, "Not to these clients");
}

void add_delivery_options(CLI::App& command, BroadcastOptions& options) {
  command
      .add_option("--overflow", options.overflow,
                  "What a full queue does, in place of its listener's policy")
      ->transform(overflow_policy())
      ->type_name("drop_newest|drop_oldest|disconnect");
  command
      .add_option("--request-id", options.request_id,
                  "Names this broadcast: repeated with the same name, it is sent once")
      ->type_name("TEXT");
  command.add_flag("--validate-only", options.validate_only, "Check and count, but send nothing");
}

void add_node_options(CLI::App& command, BroadcastOptions& options) {
  CLI::Option* local = add_local(command, options.nodes.local);
  CLI::Option* wait = command
                          .add_flag("--wait-for-nodes", options.wait_for_nodes,
                                    "Wait until the cluster's other nodes have counted too")
                          ->excludes(local);
  add_wait_timeout(command, options.nodes, "How long to wait for them, at most 30s")->needs(wait);
}

}  // namespace

void add_broadcast(CLI::App& app, const GlobalOptions& global, Command& selected) {
  auto options = std::make_shared<BroadcastOptions>();
  CLI::App* command = app.add_subcommand("broadcast", "Send a message to many clients");
  command->footer(
      "Without PAYLOAD and --file: each line of standard input is one broadcast, without its line\n"
      "end, and the totals are printed at the end. A payload is sent as it is; the listener's\n"
      "framing (a line end, a length) is added by crier.\n"
      "In a cluster the counts are of the called node alone unless others are waited for. Exit\n"
      "code 3: sent, but not to every node: the bus did not take it, or one is unreachable or\n"
      "refused it.");
  CLI::Option* payload =
      command->add_option("PAYLOAD", options->payload, "The message")->type_name("");
  CLI::Option* file =
      command->add_option("--file", options->file, "The message is this file; -: standard input")
          ->type_name("FILE")
          ->excludes(payload);
  payload->excludes(file);
  options->payload_option = payload;
  options->file_option = file;
  add_target_options(*command, *options);
  add_delivery_options(*command, *options);
  add_node_options(*command, *options);
  command->callback([&global, &selected, options] {
    if (options->reads_lines() && !options->request_id.empty()) {
      throw CLI::ValidationError("--request-id", "names one broadcast; give PAYLOAD or --file");
    }
    check_wait(options->nodes, global);
    selected = [&global, options] { return run_broadcast(global, *options); };
  });
}

}  // namespace crier::services::crierctl
