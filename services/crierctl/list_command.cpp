#include <algorithm>
#include <cstdint>
#include <iostream>
#include <limits>
#include <memory>
#include <string>

#include "services/crierctl/add_once.hpp"
#include "services/crierctl/argument.hpp"
#include "services/crierctl/client_text.hpp"
#include "services/crierctl/cluster_text.hpp"
#include "services/crierctl/commands.hpp"
#include "services/crierctl/control.hpp"
#include "services/crierctl/human.hpp"
#include "services/crierctl/node_options.hpp"
#include "services/crierctl/output.hpp"

namespace crier::services::crierctl {
namespace {

struct ListOptions {
  std::string listener;
  std::int32_t page_size = 1'000;
  std::int64_t limit = 0;  // 0: all
  bool local = false;
};

void print_clients(const v1::ListClientsResponse& page, std::int64_t count, bool json,
                   Table& table) {
  for (int i = 0; i < count; ++i) {
    const v1::Client& client = page.clients(i);
    if (json) {
      print_line(json_text(client));
    } else {
      table.add(client_cells(client, std::chrono::system_clock::now()));
    }
  }
  if (!json) std::cout << table.take_text();
}

// Also with --json, whose lines are clients and could not say it.
ExitCode note_unreachable(const google::protobuf::RepeatedPtrField<std::string>& node_ids) {
  if (node_ids.empty()) return kOk;
  std::cerr << unreachable_text(node_ids, "clients there may be missing") << '\n';
  return kPartial;
}

int run_list(const GlobalOptions& global, const ListOptions& options) {
  Control control(global);
  Table table(client_columns());
  v1::ListClientsRequest request;
  request.set_listener(options.listener);
  request.set_scope(scope_of(options.local));
  google::protobuf::RepeatedPtrField<std::string> unreachable;
  std::int64_t shown = 0;
  while (true) {
    const std::int64_t left =
        options.limit > 0 ? options.limit - shown : std::numeric_limits<std::int64_t>::max();
    request.set_page_size(
        static_cast<std::int32_t>(std::min<std::int64_t>(options.page_size, left)));
    v1::ListClientsResponse page;
    const auto status = control.call(&v1::Control::Stub::ListClients, request, page);
    if (!status.ok()) return fail(status, global);

    const std::int64_t count = std::min<std::int64_t>(page.clients_size(), left);
    if (count > 0) print_clients(page, count, global.json, table);
    shown += count;
    for (const std::string& id : page.unreachable()) add_once(unreachable, id);
    if (page.next_page_token().empty()) break;
    if (options.limit > 0 && shown >= options.limit) {
      if (!global.json) {
        std::cerr << "the first " << grouped(shown) << " of " << grouped(page.total_size())
                  << " clients\n";
      }
      break;
    }
    request.set_page_token(page.next_page_token());
  }
  if (shown == 0 && !global.json) std::cerr << "no clients\n";
  return note_unreachable(unreachable);
}

}  // namespace

void add_list(CLI::App& app, const GlobalOptions& global, Command& selected) {
  auto options = std::make_shared<ListOptions>();
  CLI::App* command = app.add_subcommand("list", "Show the connected clients");
  command->footer(
      "With --json: one JSON object per line and client. Exit code 3: a node of the cluster did\n"
      "not answer, and clients may be missing.");
  command->add_option("--listener", options->listener, "Only clients of this listener")
      ->type_name("NAME");
  command->add_option("--page-size", options->page_size, "Clients per call, at most 1000")
      ->check(whole_number(std::numeric_limits<std::int32_t>::max()))
      ->type_name("N")
      ->capture_default_str();
  command->add_option("--limit", options->limit, "Stop after this many clients")
      ->check(whole_number(std::numeric_limits<std::int64_t>::max()))
      ->type_name("N");
  add_local(*command, options->local);
  command->callback([&global, &selected, options] {
    selected = [&global, options] { return run_list(global, *options); };
  });
}

}  // namespace crier::services::crierctl
