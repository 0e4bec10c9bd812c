#include <iostream>
#include <memory>
#include <string>

#include "services/crierctl/client_text.hpp"
#include "services/crierctl/commands.hpp"
#include "services/crierctl/control.hpp"
#include "services/crierctl/node_options.hpp"
#include "services/crierctl/output.hpp"

namespace crier::services::crierctl {
namespace {

struct GetOptions {
  std::string id;
  bool local = false;
};

int run_get(const GlobalOptions& global, const GetOptions& options) {
  v1::GetClientRequest request;
  request.set_client_id(options.id);
  request.set_scope(scope_of(options.local));
  v1::Client client;
  const auto status = Control(global).call(&v1::Control::Stub::GetClient, request, client);
  if (!status.ok()) return fail(status, global);
  if (global.json) {
    print_line(json_text(client));
  } else {
    std::cout << client_text(client, std::chrono::system_clock::now());
  }
  return kOk;
}

}  // namespace

void add_get(CLI::App& app, const GlobalOptions& global, Command& selected) {
  auto options = std::make_shared<GetOptions>();
  CLI::App* command = app.add_subcommand("get", "Show everything about one client");
  command->add_option("ID", options->id, "The client's id, as `list` prints it")
      ->required()
      ->type_name("");
  add_local(*command, options->local);
  command->callback([&global, &selected, options] {
    selected = [&global, options] { return run_get(global, *options); };
  });
}

}  // namespace crier::services::crierctl
