#pragma once

#include "crier/v1/control.pb.h"
#include "services/crierctl/options.hpp"

namespace crier::services::crierctl {

// Sends each line of standard input as one broadcast, `like` with that payload, and prints the
// totals. Returns the exit code.
[[nodiscard]] int broadcast_lines(const GlobalOptions& global, const v1::BroadcastRequest& like);

}  // namespace crier::services::crierctl
