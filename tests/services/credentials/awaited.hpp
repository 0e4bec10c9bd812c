#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace crier::services::credentials {

// A number that one thread raises and another waits for.
class Awaited {
 public:
  void raise() {
    const std::lock_guard lock(mutex_);
    ++value_;
    changed_.notify_all();
  }

  [[nodiscard]] int value() {
    const std::lock_guard lock(mutex_);
    return value_;
  }

  // Whether it got there; gives up only where the test has failed.
  [[nodiscard]] bool reaches(int wanted) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(60), [&] { return value_ >= wanted; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int value_ = 0;
};

}  // namespace crier::services::credentials
