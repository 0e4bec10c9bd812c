#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace crier::dataplane {

// How near the node's queues are to the memory they may hold, and what follows from it. Each level
// includes the ones before.
enum class PressureLevel : std::uint8_t {
  kCalm,
  kShed,   // nobody new is let in, and clients that take no bytes have less time
  kEvict,  // clients that are behind are closed, those with the oldest frames first
  kFull,   // some frame did not fit: replies wait, until eviction has made room
};
inline constexpr std::array<std::string_view, 4> kPressureLabels{"calm", "shed", "evict", "full"};
inline constexpr std::size_t kPressureLevels = kPressureLabels.size();

// From kShed on: a listener's write_stall, where that is longer.
inline constexpr std::chrono::milliseconds kShedWriteStall{3'000};

// The level, by what queues hold. It rises at once, and falls only well below where it rose, so
// that it does not flap. Pure.
//
//   level    begins at                        ends below
//   kShed    75 % of the budget               65 %
//   kEvict   90 %                             80 %
//   kFull    100 %, or with a refused frame   80 %: any one frame fits into the rest
class Pressure {
 public:
  // Eviction makes so much room at least, which is what the largest frame may need.
  static constexpr std::uint64_t kFreePartAfterEviction = 5;  // a fifth

  // 0: no bound; then it stays calm.
  explicit Pressure(std::uint64_t budget);

  [[nodiscard]] PressureLevel level() const { return level_; }
  // Queues hold so much now.
  void observe(std::uint64_t retained);
  // So much, and a frame was refused for it. REQUIRES: would_evict(retained).
  void refuse(std::uint64_t retained);
  // Whether eviction goes on at so much, once it has begun. Any thread.
  [[nodiscard]] bool would_evict(std::uint64_t retained) const;

  // The level rises at this, and falls below that; UINT64_MAX and 0 where it cannot.
  [[nodiscard]] std::uint64_t rises_at() const;
  [[nodiscard]] std::uint64_t falls_below() const;
  // How often each level was entered; those passed on the way count, too.
  [[nodiscard]] const std::array<std::uint64_t, kPressureLevels>& transitions() const {
    return transitions_;
  }

 private:
  using Bounds = std::array<std::uint64_t, kPressureLevels>;

  void move_to(PressureLevel level);

  Bounds begins_{};
  Bounds ends_{};
  PressureLevel level_ = PressureLevel::kCalm;
  std::array<std::uint64_t, kPressureLevels> transitions_{};
};

}  // namespace crier::dataplane
