#pragma once

#include <atomic>
#include <cstdint>

namespace crier::services::ops {

// Whether load balancers should send clients here. Goes one way; any thread.
class Readiness {
 public:
  enum class State : std::uint8_t { kStarting, kReady, kDraining };

  void set(State state) { state_.store(state, std::memory_order_relaxed); }
  [[nodiscard]] State state() const { return state_.load(std::memory_order_relaxed); }
  [[nodiscard]] bool draining() const { return state() == State::kDraining; }

 private:
  std::atomic<State> state_{State::kStarting};
};

}  // namespace crier::services::ops
