#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "crier/v1/control.pb.h"
#include "dataplane/broadcast.hpp"
#include "services/control/listeners.hpp"
#include "services/control/peers.hpp"
#include "services/control/status.hpp"

namespace crier::services::control {

// What a BroadcastRequest asks for, checked and put into the data plane's terms: `broadcast` is
// what this node does for its own clients.
struct BroadcastPlan {
  dataplane::Broadcast broadcast;
  std::vector<std::string> malformed;  // of `only`: cannot name a client
  std::string request_id;              // may be empty; then the two below are not set
  std::uint64_t fingerprint = 0;
  std::size_t answer_bytes_max = 0;
  bool begun = false;  // its request_id is in flight; set by Broadcaster

  // For the other nodes; absent where they need not know of it.
  std::optional<PeerBroadcast> peers;
  bool cluster_begun = false;  // as begun, for the whole; set by ClusterBroadcaster
};

// What requests are checked against.
struct BroadcastRules {
  const Listeners& listeners;
  std::uint64_t payload_bytes_max = 0;
  std::uint64_t own_epoch = 0;
};

// Copies the payload: a stream reads its next request into the same message, whose memory then
// serves again. Pure, but for asking `peers` who is there.
Result<BroadcastPlan> plan_broadcast(const v1::BroadcastRequest& request,
                                     const BroadcastRules& rules, const Peers& peers);

}  // namespace crier::services::control
