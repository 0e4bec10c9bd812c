#include <iostream>
#include <memory>
#include <string>

#include "services/crierctl/client_text.hpp"
#include "services/crierctl/commands.hpp"
#include "services/crierctl/control.hpp"
#include "services/crierctl/output.hpp"

namespace crier::services::crierctl {
namespace {

int run_get(const GlobalOptions& global, const std::string& id) {
  v1::GetClientRequest request;
  request.set_client_id(id);
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
  auto id = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("get", "Show everything about one client");
  command->add_option("ID", *id, "The client's id, as `list` prints it")->required()->type_name("");
  command->callback(
      [&global, &selected, id] { selected = [&global, id] { return run_get(global, *id); }; });
}

}  // namespace crier::services::crierctl
