#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace crier::services::control {

// The service that a serialized grpc.health.v1.HealthCheckRequest asks for: its only field, number
// 1, of at most 127 bytes. Nothing where it is anything else.
[[nodiscard]] std::optional<std::string> health_request(std::string_view bytes);

}  // namespace crier::services::control
