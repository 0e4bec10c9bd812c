#pragma once

#include <string>

namespace crier::services::app {

// What a running crier says of itself.
struct Health {
  bool good = false;
  std::string text;  // one line: its own word, or why it gave none
};

// Asks the ops endpoint at `address`, a numeric host:port as in the configuration, whether it is
// alive, or, with `ready`, whether it takes clients. An address of all interfaces is reached
// through loopback. Blocks for at most 3 s.
[[nodiscard]] Health check_health(const std::string& address, bool ready);

}  // namespace crier::services::app
