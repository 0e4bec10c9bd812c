#pragma once

#include <chrono>
#include <functional>

namespace crier::testing {

// How long a test waits for what must come. Long enough for a busy machine under a sanitizer: it
// decides how late a test fails, never whether it passes.
inline constexpr std::chrono::seconds kPatience{120};

// A moment after which waiting makes no sense.
class Deadline {
 public:
  explicit Deadline(std::chrono::milliseconds patience = kPatience)
      : end_(std::chrono::steady_clock::now() + patience) {}

  [[nodiscard]] bool passed() const { return std::chrono::steady_clock::now() >= end_; }
  // What is left, as poll(2) takes it: at least 0.
  [[nodiscard]] int left_ms() const;

 private:
  std::chrono::steady_clock::time_point end_;
};

// Waits until `condition` holds, looking every millisecond; false where the deadline came first.
[[nodiscard]] bool await(const std::function<bool()>& condition, Deadline deadline = Deadline());

}  // namespace crier::testing
