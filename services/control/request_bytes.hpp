#pragma once

#include <cstdint>

namespace crier::services::control {

// Beside its payload a request holds up to 8 MiB of ids, which protobuf can wrap in as much again;
// the rest is room, so that a payload a little too large still gets an error of ours that says so.
inline constexpr std::uint64_t kRequestBytesBesidePayload = 16U << 20U;

[[nodiscard]] constexpr std::uint64_t request_bytes_max(std::uint64_t max_payload_bytes) {
  return max_payload_bytes + kRequestBytesBesidePayload;
}

}  // namespace crier::services::control
