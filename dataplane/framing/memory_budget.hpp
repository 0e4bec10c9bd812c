#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace crier::dataplane {

// A node-wide bound on memory that peers can make us hold. Any thread; lock-free.
class MemoryBudget {
 public:
  explicit MemoryBudget(std::uint64_t max_bytes) : max_bytes_(max_bytes) {}
  MemoryBudget(const MemoryBudget&) = delete;
  MemoryBudget& operator=(const MemoryBudget&) = delete;

  // Takes all of `bytes` or nothing.
  [[nodiscard]] bool try_take(std::size_t bytes) {
    if (used_.fetch_add(bytes, std::memory_order_relaxed) + bytes <= max_bytes_) return true;
    give_back(bytes);
    return false;
  }

  void give_back(std::size_t bytes) { used_.fetch_sub(bytes, std::memory_order_relaxed); }

  [[nodiscard]] std::uint64_t used() const { return used_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> used_{0};
  const std::uint64_t max_bytes_;
};

}  // namespace crier::dataplane
