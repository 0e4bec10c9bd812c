#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "crier/v1/control.pb.h"
#include "services/control/broadcast_plan.hpp"
#include "services/control/clients.hpp"
#include "services/control/request_ids.hpp"
#include "services/control/status.hpp"

namespace crier::services::control {

// One broadcast on its way to its answer. Lives, unmoved, until answered() was called.
class BroadcastCall {
 public:
  BroadcastCall(const BroadcastCall&) = delete;
  BroadcastCall& operator=(const BroadcastCall&) = delete;
  virtual ~BroadcastCall() = default;

  // Called once for every call that was started: inside start(), on the data plane's answer thread,
  // on that of the other nodes, or on another call's. Where `status` is OK the response is filled.
  // The call may be gone when this returns.
  virtual void answered(const Status& status) = 0;

  // Begins the plan's request_id under `key`. Returns whether the plan is to be carried out;
  // otherwise the call was or will be answered.
  [[nodiscard]] bool begin(RequestIds& request_ids, RequestIds::Key key, const BroadcastPlan& plan);

 protected:
  explicit BroadcastCall(v1::BroadcastResponse& response) : response_(response) {}

 private:
  friend class Broadcaster;
  friend class ClusterBroadcaster;
  v1::BroadcastResponse& response_;
  std::string request_id_;
};

// Sends planned broadcasts to this node's clients and brings the answers back; retries with a
// request_id meet here, whichever node was called. Any thread.
class Broadcaster final {
 public:
  Broadcaster(Clients& clients, RequestIds& request_ids);
  Broadcaster(const Broadcaster&) = delete;
  Broadcaster& operator=(const Broadcaster&) = delete;

  enum class [[nodiscard]] Start : std::uint8_t {
    kStarted,  // `call` was or will be answered
    // Nothing happened; end it with start() once more, or with abandon().
    kOverloaded,  // too many broadcasts are in flight
    kMemoryFull,  // clients' queues hold too much
  };
  // What a caller is told who does not wait. REQUIRES: not kStarted.
  static Status refusal(Start start);

  // Changes of `plan` no more than BroadcastPlan::begun.
  Start start(BroadcastPlan& plan, BroadcastCall& call);

  // Gives up a plan that start() refused; `call` is not answered. Retries that
  // joined its request_id get `status`.
  void abandon(const BroadcastPlan& plan, const Status& status);

  // From now on broadcasts are answered UNAVAILABLE (DRAINED): the last client has gone for good.
  void set_drained() { drained_.store(true, std::memory_order_relaxed); }

 private:
  void done(BroadcastCall& call, const dataplane::BroadcastResult& result);
  void fail(const BroadcastPlan& plan, BroadcastCall& call, const Status& status);

  Clients& clients_;
  RequestIds& request_ids_;
  std::atomic<bool> drained_{false};
};

}  // namespace crier::services::control
