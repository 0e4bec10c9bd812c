#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "crier/v1/control.pb.h"
#include "services/control/control.hpp"
#include "services/control/peers.hpp"

namespace crier::services::control {

// One Disconnect over all nodes concerned: this node's part and every other's run side by side, and
// the last to answer, or not to, ends it. Lives until then.
class ClusterDisconnect final : public std::enable_shared_from_this<ClusterDisconnect> {
 public:
  // REQUIRES: `request` was checked. Both messages live until `done`.
  static void start(Control& control, Peers& peers, const v1::DisconnectRequest& request,
                    v1::DisconnectResponse& response, std::chrono::milliseconds wait,
                    Control::Done done);

  ClusterDisconnect(Control& control, Peers& peers, v1::DisconnectResponse& response,
                    Control::Done done);

 private:
  void ask_local(v1::DisconnectRequest request);
  void ask_peer(const Peer& peer, const v1::DisconnectRequest& request,
                std::chrono::milliseconds wait);
  void add(const v1::DisconnectResponse& part);
  void note_unreachable(std::uint64_t epoch);
  void one_done();

  Control& control_;
  Peers& peers_;
  v1::DisconnectResponse& response_;
  const Control::Done done_;

  v1::DisconnectRequest own_request_;
  v1::DisconnectResponse own_part_;

  std::atomic<std::size_t> left_{1};
  std::mutex mutex_;
  Status local_status_;                     // mutex_
  std::vector<std::uint64_t> unreachable_;  // mutex_
};

}  // namespace crier::services::control
