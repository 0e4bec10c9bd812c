#pragma once

namespace crier::services::crierctl {

// What scripts can rely on.
enum ExitCode : int {
  kOk = 0,
  kFailed = 1,   // the call failed, or a connection did
  kUsage = 2,    // the command line, or an input it names, makes no sense
  kPartial = 3,  // crier answered, but not for every node of its cluster
};

}  // namespace crier::services::crierctl
