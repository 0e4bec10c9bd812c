#pragma once

#include <CLI/App.hpp>

#include "services/crierctl/options.hpp"

namespace crier::services::crierctl {

// Each adds one subcommand to `app`, which sets `selected` when the command line names it. `global`
// and `selected` must outlive the parsing, `global` also the command.
void add_broadcast(CLI::App& app, const GlobalOptions& global, Command& selected);
void add_list(CLI::App& app, const GlobalOptions& global, Command& selected);
void add_get(CLI::App& app, const GlobalOptions& global, Command& selected);
void add_nodes(CLI::App& app, const GlobalOptions& global, Command& selected);
void add_disconnect(CLI::App& app, const GlobalOptions& global, Command& selected);
void add_check(CLI::App& app, const GlobalOptions& global, Command& selected);
void add_listen(CLI::App& app, const GlobalOptions& global, Command& selected);

}  // namespace crier::services::crierctl
