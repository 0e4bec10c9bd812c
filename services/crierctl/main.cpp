#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdint>
#include <iostream>
#include <string>

#include "services/crierctl/access.hpp"
#include "services/crierctl/argument.hpp"
#include "services/crierctl/commands.hpp"
#include "services/crierctl/escape.hpp"
#include "services/crierctl/output.hpp"
#include "services/ops/build_info.hpp"

namespace crier::services::crierctl {
namespace {

constexpr const char* kExitCodes =
    "Exit codes: 0: done; 1: the call failed; 2: the command line, or an input it names, makes no\n"
    "sense; 3: crier answered, but not for every node of its cluster.";

std::string version_text() {
  const ops::BuildInfo& build = ops::build_info();
  return "crierctl " + std::string(build.version) + " (" + std::string(build.revision) + ", " +
         std::string(build.compiler) + ')';
}

void add_global_options(CLI::App& app, GlobalOptions& global) {
  app.add_option("--address", global.address, "Where crier's control API is")
      ->envname(kAddressVariable)
      ->type_name("HOST:PORT")
      ->capture_default_str();
  app.add_option_function<std::int64_t>(
         "--timeout",
         [&global](std::int64_t ms) { global.timeout = std::chrono::milliseconds(ms); },
         "How long to wait for an answer")
      ->transform(time_with_unit())
      ->type_name("TIME")
      ->default_str("10s");
  app.add_flag("--json", global.json, "Print JSON, for scripts");
  add_access_options(app, global.access);
  app.set_version_flag("--version", version_text(), "Print the version and exit");
}

int run(int argc, char** argv) {
  CLI::App app("Talks to a running crier: pushes messages to its clients, shows and closes them.",
               "crierctl");
  GlobalOptions global;
  Command selected;
  add_global_options(app, global);
  app.require_subcommand(1);
  app.fallthrough();
  add_broadcast(app, global, selected);
  add_list(app, global, selected);
  add_get(app, global, selected);
  add_disconnect(app, global, selected);
  add_nodes(app, global, selected);
  add_listen(app, global, selected);
  add_check(app, global, selected);
  app.footer(kExitCodes);  // subcommands added after it would repeat it
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
    return fail(kUsage, escaped(error.what()) + "; see crierctl --help");
  }
  int code = kOk;
  try {
    code = selected();
  } catch (const UsageError& error) {
    return fail(kUsage, error.what());
  }
  std::cout.flush();
  return std::cout ? code : fail(kFailed, "cannot write standard output");
}

}  // namespace
}  // namespace crier::services::crierctl

int main(int argc, char** argv) {
  return crier::services::crierctl::run(argc, argv);
}
