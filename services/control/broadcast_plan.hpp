#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "crier/v1/control.pb.h"
#include "dataplane/broadcast.hpp"
#include "services/control/listeners.hpp"
#include "services/control/status.hpp"

namespace crier::services::control {

// What a BroadcastRequest asks for, checked and put into the data plane's terms.
struct BroadcastPlan {
  dataplane::Broadcast broadcast;
  std::vector<std::string> malformed;  // of `only`: cannot name a client
  std::string request_id;              // may be empty; then the two below are not set
  std::uint64_t fingerprint = 0;
  std::size_t answer_bytes_max = 0;
  bool begun = false;  // its request_id is in flight; set by Broadcaster
};

// Copies the payload: a stream reads its next request into the same message, whose memory then
// serves again. Pure.
Result<BroadcastPlan> plan_broadcast(const v1::BroadcastRequest& request,
                                     const Listeners& listeners, std::uint64_t payload_bytes_max);

}  // namespace crier::services::control
