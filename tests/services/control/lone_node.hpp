#pragma once

#include "services/control/peers.hpp"

namespace crier::services::control {

// The peers of a node without a bus.
inline NoPeers lone_node() {
  return NoPeers([] {
    v1::Node self;
    self.set_node_id("alone/0000000000000");
    self.set_name("alone");
    self.set_self(true);
    return self;
  });
}

}  // namespace crier::services::control
