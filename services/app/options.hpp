#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "services/config/config.hpp"

namespace crier::services::app {

inline constexpr int kExitOk = 0;
inline constexpr int kExitInternal = 1;   // a fault of our own
inline constexpr int kExitUnhealthy = 1;  // what container engines expect of a health check
inline constexpr int kExitRefused = 2;    // arguments, configuration, a port taken: nothing started

// What the command line asks for.
struct Options {
  enum class Action : std::uint8_t { kRun, kCheckConfig, kPrintConfig, kVersion, kHealthcheck };
  Action action = Action::kRun;
  bool ready = false;  // kHealthcheck: is it ready, not only alive
  config::Sources sources;
};

// The command line asked for help or cannot be understood: print `text` and exit.
struct Exit {
  int code = kExitOk;
  std::string text;
};

[[nodiscard]] std::variant<Options, Exit> parse_options(int argc, const char* const* argv);

}  // namespace crier::services::app
