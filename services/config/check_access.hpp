#pragma once

#include <optional>

#include "services/config/origins.hpp"

namespace crier::services::config {

// Relations between the keys that say who may become a client: `tls`, `auth` and
// `max_connections_per_identity` of each listener.
[[nodiscard]] std::optional<Error> check_access(const v1::Config& config, const Origins& origins);

}  // namespace crier::services::config
