#pragma once

#include <optional>
#include <string_view>

#include "services/config/origins.hpp"

namespace crier::services::config {

// Applies one --set argument, KEY=VALUE, to a configuration that has its defaults and listeners.
// An index one past the end of a list adds an element with its defaults. A secret is refused: every
// process list shows arguments.
[[nodiscard]] std::optional<Error> apply_set(std::string_view argument, v1::Config& config,
                                             Origins& origins);

}  // namespace crier::services::config
