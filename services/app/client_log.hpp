#pragma once

#include <string>
#include <vector>

#include "dataplane/client_info.hpp"

namespace crier::services::app {

// Writes a line for each client that has gone: at level info where it was closed for something it
// did or failed to do, at most a few lines a second for each reason; otherwise at level debug.
// Lines of one reason never take the place of another's.
class ClientLog {
 public:
  // `listeners`: names by index.
  explicit ClientLog(std::vector<std::string> listeners) : listeners_(std::move(listeners)) {}

  // Any thread.
  void closed(const dataplane::ClosedClient& client) const;
  // A connection that was closed before it became a client: like the former at level info.
  void rejected(const dataplane::RejectedClient& client) const;

 private:
  const std::vector<std::string> listeners_;
};

}  // namespace crier::services::app
