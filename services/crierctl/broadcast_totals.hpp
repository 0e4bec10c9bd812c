#pragma once

#include <cstdint>
#include <string>

#include "crier/v1/control.pb.h"

namespace crier::services::crierctl {

// What many broadcasts came to.
struct BroadcastTotals {
  std::int64_t broadcasts = 0;
  std::int64_t not_published = 0;  // the bus did not take them for the other nodes
  // Counts added up, also node by node. Unknown ids and unreachable nodes are listed once;
  // `published` is the worst of all, `refused` a node's first reason.
  v1::BroadcastResponse sum;

  void add(const v1::BroadcastResponse& response);
};

// "3 broadcasts: matched 3, queued 3" and, where there are any, ", not published 2"; lines for the
// nodes follow as nodes_text() has them. No line end at the end.
[[nodiscard]] std::string totals_text(const BroadcastTotals& totals);

// The sum as one line of JSON, after "broadcasts" and "not_published".
[[nodiscard]] std::string totals_json(const BroadcastTotals& totals);

// No node is known to have missed one of them.
[[nodiscard]] bool reached_every_node(const BroadcastTotals& totals);

}  // namespace crier::services::crierctl
