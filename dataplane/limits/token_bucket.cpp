#include "dataplane/limits/token_bucket.hpp"

#include <algorithm>

namespace crier::dataplane {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr std::uint64_t kNanosPerSecond = 1'000'000'000;
// As long as a bucket can be empty: further debt is forgiven, since nobody could wait for it.
constexpr TokenBucket::Duration kEmptyMax = std::chrono::hours(24);

}  // namespace

std::uint64_t TokenBucket::available(Time now) const {
  const Duration missing = std::max(full_at_ - now, Duration::zero());
  if (missing >= kBurst) return 0;
  const auto there = static_cast<std::uint64_t>((kBurst - missing).count());
  return static_cast<std::uint64_t>(Wide{there} * per_second_ / kNanosPerSecond);
}

void TokenBucket::take(std::uint64_t units, Time now) {
  full_at_ = std::min(std::max(full_at_, now) + time_for(units), now + kEmptyMax);
}

TokenBucket::Time TokenBucket::ready_at() const {
  return full_at_ - kBurst + time_for(1);
}

TokenBucket::Duration TokenBucket::time_for(std::uint64_t units) const {
  const Wide nanos = (Wide{units} * kNanosPerSecond + per_second_ - 1) / per_second_;
  const auto longest = static_cast<std::uint64_t>(kEmptyMax.count());
  return Duration(static_cast<std::int64_t>(std::min<Wide>(nanos, longest)));
}

}  // namespace crier::dataplane
