#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>

#include "services/bus/bus.hpp"

namespace crier::services::bus::redis {

// The counters of a bus. Any thread.
class Meter {
 public:
  void published(Outcome outcome, std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    ++stats_.published[static_cast<std::size_t>(outcome)];
    if (handed_over(outcome)) stats_.published_bytes += bytes;
  }
  void received(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    ++stats_.received;
    stats_.received_bytes += bytes;
  }
  void connected() {
    const std::lock_guard lock(mutex_);
    ++stats_.connects;
  }
  void lost(Loss loss) {
    const std::lock_guard lock(mutex_);
    ++stats_.losses[static_cast<std::size_t>(loss)];
  }
  void paused() {
    const std::lock_guard lock(mutex_);
    ++stats_.pauses;
  }
  void echo(std::chrono::duration<double> time) {
    const std::lock_guard lock(mutex_);
    stats_.echo.observe(time.count());
  }
  // Without the gauges.
  [[nodiscard]] Stats stats() const {
    const std::lock_guard lock(mutex_);
    return stats_;
  }

 private:
  mutable std::mutex mutex_;
  Stats stats_;
};

}  // namespace crier::services::bus::redis
