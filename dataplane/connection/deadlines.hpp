#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <vector>

namespace crier::dataplane {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;
inline constexpr Time kNever = Time::max();

// When each connection of a shard wants to be looked at: one word for each slot instead of a timer.
// Deadlines are set when they begin to matter, and found wanting or put off when they pass, so that
// traffic never touches them. Shard thread only.
class Deadlines {
 public:
  void add_slot() { by_slot_.push_back(kNever); }

  // Only ever makes it sooner.
  void wake_by(std::uint32_t slot, Time time) {
    by_slot_[slot] = std::min(by_slot_[slot], time);
    soonest_ = std::min(soonest_, time);
  }
  void clear(std::uint32_t slot) { by_slot_[slot] = kNever; }

  // Nothing passes before this.
  [[nodiscard]] Time soonest() const { return soonest_; }

  // Takes every deadline that has passed and calls `visit(slot)` for it, which may set new ones.
  template <class Visit>
  void expire(Time now, Visit visit) {
    if (soonest_ > now) return;
    soonest_ = kNever;
    for (std::uint32_t slot = 0; slot < by_slot_.size(); ++slot) {
      if (by_slot_[slot] <= now) {
        by_slot_[slot] = kNever;
        visit(slot);
      }
      soonest_ = std::min(soonest_, by_slot_[slot]);
    }
  }

 private:
  std::vector<Time> by_slot_;
  Time soonest_ = kNever;
};

}  // namespace crier::dataplane
