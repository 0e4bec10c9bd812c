#pragma once

#include <gtest/gtest.h>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <string>
#include <vector>

#include "services/crierctl/commands.hpp"
#include "services/crierctl/exit_code.hpp"

namespace crier::services::crierctl {

struct Ended {
  int code = kUsage;
  std::string out;
  std::string error;
};

// Runs a command line, what stands after "crierctl". One that makes no sense is kUsage and the
// sentence about it.
inline Ended run(const GlobalOptions& global, std::vector<std::string> arguments) {
  Command selected;
  CLI::App app;
  add_broadcast(app, global, selected);
  add_list(app, global, selected);
  add_get(app, global, selected);
  add_disconnect(app, global, selected);
  add_nodes(app, global, selected);
  std::reverse(arguments.begin(), arguments.end());  // as parse() wants them
  Ended ended;
  try {
    app.parse(arguments);
  } catch (const CLI::ParseError& error) {
    ended.error = error.what();
    return ended;
  }
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  ended.code = selected();
  ended.out = testing::internal::GetCapturedStdout();
  ended.error = testing::internal::GetCapturedStderr();
  return ended;
}

}  // namespace crier::services::crierctl
