#pragma once

#include <functional>

#include "crier/v1/bus.pb.h"
#include "services/control/control.hpp"

namespace crier::services::cluster {

// Says in a reply that the call failed.
void set_error(const control::Status& status, v1::BusReply& reply);

// Carries out what another node asks, on this node's own clients: each question is a call of the
// control API in scope LOCAL, and is checked like one that came over gRPC. Any thread.
class Responder final {
 public:
  // `control` must outlive this and every answer.
  explicit Responder(control::Control& control) : control_(control) {}

  // `done` is called once, within or later, from any thread.
  void answer(v1::BusRequest request, std::function<void(v1::BusReply)> done);

 private:
  control::Control& control_;
};

}  // namespace crier::services::cluster
