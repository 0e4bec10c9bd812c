#pragma once

#include <algorithm>
#include <vector>

#include "dataplane/client_id.hpp"

namespace crier::dataplane {

// Each id once, in order: however often a caller names a client, it counts once.
[[nodiscard]] inline std::vector<ClientId> sorted_unique(std::vector<ClientId> ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

}  // namespace crier::dataplane
