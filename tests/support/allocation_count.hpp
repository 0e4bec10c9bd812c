#pragma once

#include <cstddef>
#include <cstdint>

namespace crier::testing {

// What operator new and delete have done on the calling thread. Linking allocation_count.cpp
// replaces them for the whole program.
struct AllocationCount {
  std::uint64_t allocations = 0;
  std::int64_t live_bytes = 0;  // allocated minus freed, with what the allocator adds
};
[[nodiscard]] AllocationCount allocation_count();

}  // namespace crier::testing
