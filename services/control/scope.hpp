#pragma once

#include <google/protobuf/duration.pb.h>

#include <chrono>
#include <cstdint>
#include <vector>

#include "crier/v1/control.pb.h"
#include "dataplane/client_id.hpp"
#include "services/control/peers.hpp"
#include "services/control/status.hpp"

// Whose clients a call is about, and how long it waits for nodes.
namespace crier::services::control {

enum class Scope : std::uint8_t { kCluster, kLocal };

// A number that is no scope is INVALID_SCOPE.
Result<Scope> parse_scope(v1::Scope scope);

// Null: the default. Otherwise 1 ms to kWaitMax, else INVALID_WAIT_TIMEOUT.
Result<std::chrono::milliseconds> parse_wait(const google::protobuf::Duration* wait);

// Takes the ids that belong to nodes in `others` out of `ids`. The parts are in the order of
// epochs, none is empty. REQUIRES: `ids` is sorted.
[[nodiscard]] std::vector<PeerPart> split_by_node(std::vector<dataplane::ClientId>& ids,
                                                  std::uint64_t own_epoch,
                                                  const std::vector<Peer>& others);

}  // namespace crier::services::control
