#pragma once

#include <optional>

#include "services/config/origins.hpp"

namespace crier::services::config {

// Relations between keys that are right one by one, the data plane's own checks included.
[[nodiscard]] std::optional<Error> check(const v1::Config& config, const Origins& origins);

}  // namespace crier::services::config
