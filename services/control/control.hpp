#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "crier/v1/control.pb.h"
#include "dataplane/config.hpp"
#include "services/control/broadcaster.hpp"
#include "services/control/clients.hpp"
#include "services/control/listeners.hpp"
#include "services/control/request_ids.hpp"
#include "services/control/rpc_stats.hpp"
#include "services/control/status.hpp"

namespace crier::services::control {

struct ControlOptions {
  std::vector<dataplane::ListenerConfig> listeners;  // in the data plane's order
  std::uint64_t max_payload_bytes = 1U << 20U;       // the data plane's own limit, or less
  std::size_t stream_window = 1024;                  // unanswered requests of a stream; at least 1
  RequestIds::Options request_ids = {};
};

// The control API without its transport. Any thread. `done` is called once: inside the call where
// the answer is known at once, else on the data plane's answer thread, so it must not block.
// Requests and responses must live until then; a response counts only with an OK status.
class Control final {
 public:
  using Done = std::function<void(const Status&)>;

  // `clients` must outlive this and every answer.
  Control(Clients& clients, ControlOptions options);
  Control(const Control&) = delete;
  Control& operator=(const Control&) = delete;

  void broadcast(const v1::BroadcastRequest& request, v1::BroadcastResponse& response, Done done);
  void list_clients(const v1::ListClientsRequest& request, v1::ListClientsResponse& response,
                    Done done);
  void get_client(const v1::GetClientRequest& request, v1::Client& response, Done done);
  void disconnect(const v1::DisconnectRequest& request, v1::DisconnectResponse& response,
                  Done done);

  // In a drain, once the last client has left: broadcasts are answered UNAVAILABLE from now on.
  void set_drained() { broadcaster_.set_drained(); }

  // Calls by method and code; whoever serves the API counts them here.
  [[nodiscard]] RpcStats& stats() { return stats_; }
  [[nodiscard]] const RpcStats& stats() const { return stats_; }

  // For BroadcastStream.
  [[nodiscard]] Result<BroadcastPlan> plan(const v1::BroadcastRequest& request) const;
  [[nodiscard]] Broadcaster& broadcaster() { return broadcaster_; }
  [[nodiscard]] Clients& clients() { return clients_; }
  [[nodiscard]] std::size_t stream_window() const { return stream_window_; }
  [[nodiscard]] std::uint64_t max_payload_bytes() const { return max_payload_bytes_; }

 private:
  bool begin_disconnect(const v1::DisconnectRequest& request, v1::DisconnectResponse& response,
                        const Done& done);

  Clients& clients_;
  const Listeners listeners_;
  const std::uint64_t max_payload_bytes_;
  const std::size_t stream_window_;
  RequestIds request_ids_;
  Broadcaster broadcaster_;
  RpcStats stats_;
};

}  // namespace crier::services::control
