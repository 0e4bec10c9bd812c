#pragma once

#include <cstdint>

namespace crier::testing {

// What operator new has given out and delete has not taken back, in all threads of the process,
// with what the allocator adds. Linking live_bytes.cpp replaces them for the whole program.
[[nodiscard]] std::int64_t live_bytes();
// The most that this ever was since the last reset_peak().
[[nodiscard]] std::int64_t peak_live_bytes();
void reset_peak();

}  // namespace crier::testing
