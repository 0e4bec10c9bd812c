#include "services/bus/redis/backoff.hpp"

#include <algorithm>

namespace crier::services::bus::redis {

std::chrono::milliseconds Backoff::next() {
  constexpr unsigned kDoublings = 20;  // by then every bound is reached
  const auto bound = std::min(max_, min_ * (std::int64_t{1} << attempt_));
  attempt_ = std::min(attempt_ + 1, kDoublings);
  std::uniform_int_distribution<std::chrono::milliseconds::rep> draw(0, bound.count());
  return std::max(kFloor, std::chrono::milliseconds(draw(random_)));
}

}  // namespace crier::services::bus::redis
