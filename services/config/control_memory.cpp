#include "services/config/control_memory.hpp"

#include <algorithm>

#include "services/control/request_bytes.hpp"

namespace crier::services::config {
namespace {

// Of the memory that the process may use, where the file does not say.
constexpr std::uint64_t kShare = 8;
constexpr std::uint64_t kAutomaticMin = 64U << 20U;
constexpr std::uint64_t kAutomaticMax = 512U << 20U;
// One that is being read and one that has come.
constexpr std::uint64_t kRequests = 2;

}  // namespace

std::uint64_t control_memory_min(const v1::Config::Control& control) {
  const auto payload = static_cast<std::uint64_t>(control.max_payload_bytes());
  return kRequests * control::request_bytes_max(payload);
}

std::uint64_t control_memory(const v1::Config::Control& control,
                             std::optional<std::uint64_t> usable) {
  if (control.max_memory_bytes() != 0) {
    return static_cast<std::uint64_t>(control.max_memory_bytes());
  }
  const std::uint64_t share = std::clamp(usable.value_or(0) / kShare, kAutomaticMin, kAutomaticMax);
  return std::max(share, control_memory_min(control));
}

}  // namespace crier::services::config
