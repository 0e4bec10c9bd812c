#include "services/app/options.hpp"

#include <CLI/CLI.hpp>

namespace crier::services::app {

std::variant<Options, Exit> parse_options(int argc, const char* const* argv) {
  CLI::App app(
      "crier holds TCP clients and pushes to them what other services send over gRPC.\n"
      "Without arguments it runs the built-in configuration: one line-based echo listener.",
      "crier");
  Options options;
  std::string file;
  bool check = false;
  bool print = false;
  bool version = false;
  auto* config = app.add_option("--config", file, "Read the configuration from this YAML file")
                     ->type_name("FILE");
  app.add_option("--set", options.sources.sets,
                 "Set one key over the file, e.g. --set listeners[0].address=127.0.0.1:0")
      ->type_name("KEY=VALUE")
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);
  app.add_flag("--check-config", check, "Check the configuration and exit");
  app.add_flag("--print-config", print, "Print the configuration with every key and exit");
  app.add_flag("--version", version, "Print the version and exit");
  auto* healthcheck = app.add_subcommand(
      "healthcheck", "Ask the crier that runs with this configuration whether it is alive");
  healthcheck->add_flag("--ready", options.ready, "Ask whether it is ready for clients instead");
  healthcheck->fallthrough();  // --config and --set may follow it
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return Exit{kExitOk, app.help()};
  } catch (const CLI::ParseError& error) {
    return Exit{kExitRefused, std::string("crier: ") + error.what() + " (see crier --help)\n"};
  }
  if (config->count() > 0) options.sources.file = file;
  if (check) options.action = Options::Action::kCheckConfig;
  if (print) options.action = Options::Action::kPrintConfig;
  if (version) options.action = Options::Action::kVersion;
  if (healthcheck->parsed()) options.action = Options::Action::kHealthcheck;
  return options;
}

}  // namespace crier::services::app
