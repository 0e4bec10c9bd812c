#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdlib>

namespace crier::testing {

// What a test of many does it with: all of `full`, or a tenth where a sanitizer makes every step
// ten times as dear. CRIER_TEST_SCALE, a percentage, decides otherwise.
[[nodiscard]] inline std::size_t scaled(std::size_t full) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  std::size_t percent = 10;
#else
  std::size_t percent = 100;
#endif
  if (const char* asked = std::getenv("CRIER_TEST_SCALE")) {
    percent = std::strtoul(asked, nullptr, 10);
  }
  return std::max<std::size_t>(1, full * percent / 100);
}

}  // namespace crier::testing
