#pragma once

#include <string>
#include <string_view>

#include "crier/v1/control.pb.h"

// What an answer says of the nodes of a cluster. Of a lone node, and in the answer of a crier that
// knows no clusters, it says nothing.
namespace crier::services::crierctl {

// A line for each node that was waited for, the called one first, then one for those that are
// unreachable, each ending in LF:
//   node a/1: matched 3, queued 3
//   node b/2: matched 0, queued 0, refused: PAYLOAD_TOO_LARGE
//   unreachable: c/3; clients there may not have got it
[[nodiscard]] std::string nodes_text(const v1::BroadcastResponse& response);

// Whether the other nodes were given it and why not, on a line ending in LF:
//   not published: no connection to the bus; the counts are of node a/1 alone
[[nodiscard]] std::string published_text(const v1::BroadcastResponse& response);

// "unreachable: b/2, c/3; clients there may be missing", where that is the `consequence`, without a
// line end. Empty where `node_ids` is.
[[nodiscard]] std::string unreachable_text(
    const google::protobuf::RepeatedPtrField<std::string>& node_ids, std::string_view consequence);

// The bus was to give it to other nodes, and did not take it.
[[nodiscard]] bool not_published(const v1::BroadcastResponse& response);

// No node is known to have missed it. One without the listener has nobody to miss it.
[[nodiscard]] bool reached_every_node(const v1::BroadcastResponse& response);

}  // namespace crier::services::crierctl
