#pragma once

#include <cstdint>
#include <optional>

#include "crier/v1/config.pb.h"

namespace crier::services::config {

// Bytes below which control.max_memory_bytes would not hold the largest request and what gRPC needs
// around it.
[[nodiscard]] std::uint64_t control_memory_min(const v1::Config::Control& control);

// control.max_memory_bytes or, where that is 0, what follows from `usable`, the bytes that the
// process may use; nothing: unknown.
[[nodiscard]] std::uint64_t control_memory(const v1::Config::Control& control,
                                           std::optional<std::uint64_t> usable);

}  // namespace crier::services::config
