#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "crier/v1/control.pb.h"
#include "dataplane/broadcast.hpp"
#include "dataplane/client_info.hpp"
#include "services/control/listeners.hpp"
#include "services/control/peers.hpp"
#include "services/control/status.hpp"

// Between the data plane's structs and the messages of the API. Pure.
namespace crier::services::control {

[[nodiscard]] google::protobuf::Duration to_duration(std::chrono::nanoseconds duration);

// UNSPECIFIED is nothing; a number that is no policy is INVALID_OVERFLOW.
Result<std::optional<dataplane::OverflowPolicy>> from_proto(v1::OverflowPolicy policy);

// Adds to `response`, which may hold ids already that are unknown for other reasons.
void to_proto(const dataplane::BroadcastResult& result, v1::BroadcastResponse& response);
void to_proto(const dataplane::DisconnectResult& result, v1::DisconnectResponse& response);

// One node's counts of an answer.
[[nodiscard]] v1::NodeCounts to_counts(const v1::BroadcastResponse& response, std::string node_id);
// Adds what other nodes counted to the totals.
void add_peers(PeerReport report, v1::BroadcastResponse& response);

void to_proto(const dataplane::ClientInfo& info, const Listeners& listeners, v1::Client& client);

}  // namespace crier::services::control
