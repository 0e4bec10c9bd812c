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

// Throws std::runtime_error with a sentence for people unless `text` is such an address and one
// could listen there now. gRPC itself would only say that it cannot start, and not why.
[[nodiscard]] ListenAddress check_listen_address(const std::string& text);

}  // namespace crier::services::control
