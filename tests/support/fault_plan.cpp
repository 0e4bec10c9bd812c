#include "tests/support/fault_plan.hpp"

#include <array>

namespace crier::testing {
namespace {

// Not std::uniform_int_distribution: a seed must mean the same everywhere.
std::uint64_t below(std::mt19937_64& random, std::uint64_t bound) {
  return random() % bound;
}

DirectionPlan random_direction(std::mt19937_64& random, std::uint64_t bytes) {
  using End = DirectionPlan::End;
  static constexpr std::array kEnds{End::kPassOn, End::kPassOn,      End::kPassOn,
                                    End::kStall,  End::kBlackhole,   End::kHalfClose,
                                    End::kReset,  End::kResetSource, End::kResetTarget};
  DirectionPlan plan;
  if (below(random, 2) == 0) {
    plan.slice_bytes = static_cast<std::uint32_t>(1 + below(random, 16));
    plan.paced_from = below(random, bytes);
    plan.paced_until = plan.paced_from + below(random, 256);
    plan.delay = std::chrono::microseconds(below(random, 4) * 250);
  }
  if (below(random, 4) == 0) {
    plan.corrupt_at = below(random, bytes);
    plan.flip = static_cast<std::uint8_t>(1 + below(random, 255));
  }
  plan.end = kEnds[below(random, kEnds.size())];
  plan.end_at = below(random, bytes);
  return plan;
}

}  // namespace

FaultPlan random_plan(std::mt19937_64& random, std::uint64_t bytes) {
  FaultPlan plan;
  plan.to_server = random_direction(random, bytes);
  plan.to_client = random_direction(random, bytes);
  return plan;
}

}  // namespace crier::testing
