#pragma once

#include <algorithm>
#include <cstdint>

namespace crier::services::control {

inline constexpr std::int32_t kPageSizeDefault = 100;
inline constexpr std::int32_t kPageSizeMax = 1000;

// What a caller gets for what it asked. REQUIRES: `asked` is not negative.
[[nodiscard]] inline std::int32_t effective_page_size(std::int32_t asked) {
  return asked == 0 ? kPageSizeDefault : std::min(asked, kPageSizeMax);
}

}  // namespace crier::services::control
