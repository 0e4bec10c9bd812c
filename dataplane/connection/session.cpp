#include "dataplane/connection/session.hpp"

#include <algorithm>

namespace crier::dataplane {

// Credentials are dated by the wall clock, deadlines by the monotonic one.
Time expiry(const Identity& identity, std::chrono::milliseconds grace, Time now) {
  if (!identity.expires) return kNever;
  // Far beyond any connection's life, and far from what the arithmetic below could not hold.
  constexpr std::chrono::hours kFar{24 * 365 * 100};
  const auto left = *identity.expires - std::chrono::system_clock::now();
  if (left > kFar) return kNever;
  return now + std::chrono::duration_cast<Clock::duration>(left) + grace;
}

}  // namespace crier::dataplane
