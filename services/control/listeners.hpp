#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dataplane/broadcast.hpp"
#include "dataplane/config.hpp"
#include "services/control/status.hpp"

namespace crier::services::control {

// The listeners as callers name them. Immutable, so usable from any thread.
class Listeners final {
 public:
  using Index = dataplane::ListenerIndex;

  struct Entry {
    std::string name;
    dataplane::QueueConfig queue;
  };

  explicit Listeners(const std::vector<dataplane::ListenerConfig>& configs);

  // The empty name means every listener (no index); an unknown one is UNKNOWN_LISTENER.
  Result<std::optional<Index>> find(std::string_view name) const;

  // REQUIRES: `index` came from the data plane or find().
  [[nodiscard]] const Entry& at(Index index) const { return entries_[index]; }

 private:
  std::vector<Entry> entries_;  // at most 64: a scan beats a map
};

}  // namespace crier::services::control
