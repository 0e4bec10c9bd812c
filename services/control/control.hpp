#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "crier/v1/control.pb.h"
#include "dataplane/config.hpp"
#include "services/control/broadcaster.hpp"
#include "services/control/clients.hpp"
#include "services/control/cluster_broadcaster.hpp"
#include "services/control/listeners.hpp"
#include "services/control/peers.hpp"
#include "services/control/request_ids.hpp"
#include "services/control/rpc_stats.hpp"
#include "services/control/scope.hpp"
#include "services/control/status.hpp"

namespace crier::services::control {

struct ControlOptions {
  std::vector<dataplane::ListenerConfig> listeners;  // in the data plane's order
  std::uint64_t max_payload_bytes = 1U << 20U;       // the data plane's own limit, or less
  std::size_t stream_window = 1024;                  // unanswered requests of a stream; at least 1
  RequestIds::Options request_ids = {};
};

// The control API without its transport: what concerns this node's clients alone is done here, what
// concerns other nodes too by the Cluster… classes, which ask each node for its part.
//
// Any thread. `done` is called once: inside the call where the answer is known at once, else on the
// data plane's answer thread or that of the other nodes, so it must not block.
// Requests and responses must live until then; a response counts only with an OK status.
class Control final {
 public:
  using Done = std::function<void(const Status&)>;

  // Both must outlive this and every answer.
  Control(Clients& clients, Peers& peers, ControlOptions options);
  Control(const Control&) = delete;
  Control& operator=(const Control&) = delete;

  void broadcast(const v1::BroadcastRequest& request, v1::BroadcastResponse& response, Done done);
  void list_clients(const v1::ListClientsRequest& request, v1::ListClientsResponse& response,
                    Done done);
  void get_client(const v1::GetClientRequest& request, v1::Client& response, Done done);
  void disconnect(const v1::DisconnectRequest& request, v1::DisconnectResponse& response,
                  Done done);
  void list_nodes(const v1::ListNodesRequest& request, v1::ListNodesResponse& response,
                  const Done& done);

  // In a drain, once the last client has left: broadcasts are answered UNAVAILABLE from now on.
  void set_drained() { broadcaster_.set_drained(); }

  // Calls by method and code; whoever serves the API counts them here.
  [[nodiscard]] RpcStats& stats() { return stats_; }
  [[nodiscard]] const RpcStats& stats() const { return stats_; }

  // Broadcasts in steps: for BroadcastStream, and for what other nodes publish.
  [[nodiscard]] Result<BroadcastPlan> plan(const v1::BroadcastRequest& request) const;
  // As those of Broadcaster, for whomever the plan concerns.
  Broadcaster::Start start(BroadcastPlan& plan, BroadcastCall& call);
  void abandon(const BroadcastPlan& plan, const Status& status);

  // The node itself.
  [[nodiscard]] Clients& clients() { return clients_; }
  [[nodiscard]] std::uint64_t own_epoch() const { return clients_.incarnation(); }
  // An unknown listener has none.
  [[nodiscard]] std::int64_t count_clients(const std::string& listener) const;
  [[nodiscard]] std::size_t stream_window() const { return stream_window_; }
  [[nodiscard]] std::uint64_t max_payload_bytes() const { return max_payload_bytes_; }

 private:
  void list_own_clients(const v1::ListClientsRequest& request,
                        std::optional<dataplane::ListenerIndex> listener,
                        v1::ListClientsResponse& response, Done done);
  void get_own_client(const dataplane::ClientId& id, v1::Client& response, Done done);
  void disconnect_own(const v1::DisconnectRequest& request,
                      std::optional<dataplane::ListenerIndex> listener,
                      v1::DisconnectResponse& response, Done done);
  // Whether a call concerns other nodes too.
  [[nodiscard]] bool spans_nodes(Scope scope) const;

  Clients& clients_;
  Peers& peers_;
  const Listeners listeners_;
  const std::uint64_t max_payload_bytes_;
  const std::size_t stream_window_;
  RequestIds request_ids_;
  Broadcaster broadcaster_;
  ClusterBroadcaster cluster_broadcaster_;
  RpcStats stats_;
};

}  // namespace crier::services::control
