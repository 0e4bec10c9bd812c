#include <unistd.h>

#include <exception>
#include <iostream>
#include <string>
#include <variant>

#include "services/app/app.hpp"
#include "services/app/healthcheck.hpp"
#include "services/app/options.hpp"
#include "services/app/signals.hpp"
#include "services/config/config.hpp"
#include "services/config/convert.hpp"
#include "services/logging/log.hpp"
#include "services/ops/build_info.hpp"

namespace {

using namespace crier::services;  // the program is the services put together

int refuse(const std::string& sentence) {
  std::cerr << "crier: " << sentence << "\n";
  return app::kExitRefused;
}

int print_version() {
  const ops::BuildInfo& build = ops::build_info();
  std::cout << "crier " << build.version << " (" << build.revision << ", " << build.compiler
            << ")\n";
  return app::kExitOk;
}

int print_health(const std::string& address, bool ready) {
  const app::Health health = app::check_health(address, ready);
  (health.good ? std::cout : std::cerr) << health.text << "\n";
  return health.good ? app::kExitOk : app::kExitUnhealthy;
}

int run(const crier::v1::Config& config, const char* program) {
  logging::start(config::to_logging(config.log()));
  app::App app(config);
  try {
    app.start();
  } catch (const std::exception& error) {
    logging::stop();
    return refuse(error.what());
  }
  if (isatty(STDOUT_FILENO) != 0) app.log_hint(program);
  app.run();
  logging::stop();
  return app::kExitOk;
}

int main_or_throw(int argc, char** argv) {
  auto parsed = app::parse_options(argc, argv);
  if (const auto* exit = std::get_if<app::Exit>(&parsed)) {
    (exit->code == app::kExitOk ? std::cout : std::cerr) << exit->text;
    return exit->code;
  }
  const auto& options = std::get<app::Options>(parsed);
  if (options.action == app::Options::Action::kVersion) return print_version();

  const config::Result loaded = config::load(options.sources);
  if (const auto* error = std::get_if<config::Error>(&loaded)) return refuse(error->text);
  const auto& config = std::get<crier::v1::Config>(loaded);
  switch (options.action) {
    case app::Options::Action::kCheckConfig:
      std::cout << "the configuration is valid\n";
      return app::kExitOk;
    case app::Options::Action::kPrintConfig:
      std::cout << config::print(config);
      return app::kExitOk;
    case app::Options::Action::kHealthcheck:
      return print_health(config.ops().address(), options.ready);
    case app::Options::Action::kRun:
    case app::Options::Action::kVersion:
      break;
  }
  return run(config, argv[0]);
}

}  // namespace

int main(int argc, char** argv) {
  app::block_signals();
  try {
    return main_or_throw(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "crier: internal error: " << error.what() << "\n";
    return app::kExitInternal;
  }
}
