#pragma once

#include <optional>

#include "services/config/origins.hpp"

namespace crier::services::config {

// Relations between the keys of `bus`, and its url. Keys that only matter with a url may be
// anything without one.
[[nodiscard]] std::optional<Error> check_bus(const v1::Config& config, const Origins& origins);

}  // namespace crier::services::config
