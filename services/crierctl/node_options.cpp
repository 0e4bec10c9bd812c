#include "services/crierctl/node_options.hpp"

#include <google/protobuf/util/time_util.h>

#include <cstdint>

#include "services/crierctl/argument.hpp"

namespace crier::services::crierctl {
namespace {

constexpr const char* kWaitTimeout = "--wait-timeout";
constexpr std::chrono::seconds kWaitMax{30};  // of the API

}  // namespace

CLI::Option* add_local(CLI::App& command, bool& local) {
  return command.add_flag("--local", local, "Only clients of the called node, not of its cluster");
}

CLI::Option* add_wait_timeout(CLI::App& command, NodeOptions& options,
                              const std::string& description) {
  return command
      .add_option_function<std::int64_t>(
          kWaitTimeout,
          [&options](std::int64_t ms) { options.wait_timeout = std::chrono::milliseconds(ms); },
          description)
      ->transform(time_with_unit(kWaitMax))
      ->type_name("TIME")
      ->default_str("1s");
}

void check_wait(const NodeOptions& options, const GlobalOptions& global) {
  if (options.wait_timeout < global.timeout) return;
  throw CLI::ValidationError(kWaitTimeout, std::to_string(options.wait_timeout.count()) +
                                               "ms does not fit into --timeout " +
                                               std::to_string(global.timeout.count()) + "ms");
}

v1::Scope scope_of(bool local) {
  return local ? v1::SCOPE_LOCAL : v1::SCOPE_UNSPECIFIED;
}

google::protobuf::Duration to_duration(std::chrono::milliseconds time) {
  return google::protobuf::util::TimeUtil::MillisecondsToDuration(time.count());
}

}  // namespace crier::services::crierctl
