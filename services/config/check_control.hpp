#pragma once

#include <optional>

#include "services/config/origins.hpp"

namespace crier::services::config {

// Relations between the keys of `control`: its certificate has a key, its memory holds the largest
// request, and nobody is served beyond loopback without proving who they are unless that is said.
// Files are not looked at.
[[nodiscard]] std::optional<Error> check_control(const v1::Config& config, const Origins& origins);

}  // namespace crier::services::config
