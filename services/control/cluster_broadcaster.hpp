#pragma once

#include <mutex>

#include "services/control/broadcaster.hpp"
#include "services/control/peers.hpp"
#include "services/control/request_ids.hpp"

namespace crier::services::control {

// Sends planned broadcasts to the clients of this node and then to the other nodes, in one order
// for both, and puts the answers together. Any thread.
//
//   start -> own part:   Broadcaster     -> counts of this node
//         -> peers part: Peers::publish  -> published, counts of others    both -> merged ->
//         answered
class ClusterBroadcaster final {
 public:
  ClusterBroadcaster(Broadcaster& local, Peers& peers, RequestIds& request_ids);
  ClusterBroadcaster(const ClusterBroadcaster&) = delete;
  ClusterBroadcaster& operator=(const ClusterBroadcaster&) = delete;

  // As those of Broadcaster. REQUIRES: plan.peers, which is taken out of it.
  Broadcaster::Start start(BroadcastPlan& plan, BroadcastCall& call);
  void abandon(const BroadcastPlan& plan, const Status& status);

 private:
  class Parts;

  void finish(Parts& parts);

  Broadcaster& local_;
  Peers& peers_;
  RequestIds& request_ids_;
  std::mutex order_;  // what this node's clients see first, other nodes' see first
};

}  // namespace crier::services::control
