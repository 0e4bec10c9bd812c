#pragma once

#include <optional>

#include "services/config/document.hpp"
#include "services/config/origins.hpp"

namespace crier::services::config {

// Puts what the document says over `config`, which has its defaults already, and notes the lines.
// The first fault ends it.
[[nodiscard]] std::optional<Error> read(const Node& document, v1::Config& config, Origins& origins);

}  // namespace crier::services::config
