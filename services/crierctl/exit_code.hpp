#pragma once

namespace crier::services::crierctl {

// What scripts can rely on.
enum ExitCode : int {
  kOk = 0,
  kFailed = 1,  // the call failed, or a connection did
  kUsage = 2,   // the command line, or an input it names, makes no sense
};

}  // namespace crier::services::crierctl
