#pragma once

#include <cstdint>
#include <string>

namespace crier::services::control {

// A numeric host:port or [v6]:port to listen on.
struct ListenAddress {
  std::string host;  // IPv6 in brackets
  std::uint16_t port = 0;

  [[nodiscard]] std::string text() const { return host + ":" + std::to_string(port); }
};

struct Listening {
  ListenAddress address;  // as bound: the port is never 0
  int fd = -1;            // non-blocking; whoever gets it closes it
};

// Listens on `text`, alone. Throws std::runtime_error with a sentence for people unless it is such
// an address and one can listen there.
[[nodiscard]] Listening open_listener(const std::string& text);

}  // namespace crier::services::control
