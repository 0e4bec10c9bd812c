#pragma once

#include <chrono>
#include <cstdint>
#include <random>

namespace crier::services::bus::redis {

// How long to wait before the next attempt: anything between nothing and a bound that doubles with
// each ("full jitter"), so that nodes which lost Redis together do not come back together.
class Backoff {
 public:
  // Even the luckiest draw does not make a loop of it.
  static constexpr std::chrono::milliseconds kFloor{5};

  Backoff(std::chrono::milliseconds min, std::chrono::milliseconds max, std::uint64_t seed)
      : min_(min), max_(max), random_(seed) {}

  [[nodiscard]] std::chrono::milliseconds next();
  void reset() { attempt_ = 0; }

 private:
  const std::chrono::milliseconds min_;
  const std::chrono::milliseconds max_;
  std::mt19937_64 random_;
  unsigned attempt_ = 0;
};

}  // namespace crier::services::bus::redis
