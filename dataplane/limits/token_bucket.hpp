#pragma once

#include <chrono>
#include <cstdint>

namespace crier::dataplane {

// So many units a second, with a burst of what one second brings: over any time t in seconds at
// most rate * (t + 1) units are given out, and whoever takes no more than that is never refused.
// Remembers nothing but when it will be full again. Time is given by the caller and never goes
// back.
class TokenBucket {
 public:
  using Clock = std::chrono::steady_clock;
  using Time = Clock::time_point;
  using Duration = Clock::duration;

  static constexpr Duration kBurst = std::chrono::seconds(1);

  // Full. REQUIRES: per_second > 0.
  explicit TokenBucket(std::uint64_t per_second) : per_second_(per_second) {}

  // How many units there are.
  [[nodiscard]] std::uint64_t available(Time now) const;
  // Takes `units`, also where there are not so many: then there are none for longer.
  void take(std::uint64_t units, Time now);
  // When there will be one unit.
  [[nodiscard]] Time ready_at() const;

 private:
  // What brings so many units, never less.
  [[nodiscard]] Duration time_for(std::uint64_t units) const;

  std::uint64_t per_second_;
  Time full_at_{};
};

}  // namespace crier::dataplane
