#pragma once

#include <cstdint>

namespace crier::testing {

// What the tests of this iteration decide by: CRIER_FAULT_SEED, or 1, plus the number of the
// iteration under --gtest_repeat. Printed where something fails.
[[nodiscard]] std::uint64_t fault_seed();

}  // namespace crier::testing
