#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

#include "dataplane/framing/memory_budget.hpp"

namespace crier::dataplane {

// Bytes of one connection that must outlive the read that brought them. Grows with what was
// received, never with what a peer announced, and counts its capacity against a node-wide budget.
class BoundedBuffer {
 public:
  explicit BoundedBuffer(MemoryBudget& budget) : budget_(budget) {}
  BoundedBuffer(const BoundedBuffer&) = delete;
  BoundedBuffer& operator=(const BoundedBuffer&) = delete;
  ~BoundedBuffer() { release(); }

  [[nodiscard]] bool empty() const { return bytes_.empty(); }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  [[nodiscard]] std::string_view view() const { return {bytes_.data(), bytes_.size()}; }

  // False, and nothing changed, where the budget has no room. Never allocates more than
  // `capacity_max`. REQUIRES: size() + more.size() <= capacity_max; `more` lies elsewhere.
  [[nodiscard]] bool append(std::string_view more, std::size_t capacity_max) {
    const std::size_t needed = bytes_.size() + more.size();
    if (needed > bytes_.capacity()) {
      const std::size_t grown = std::max({needed, 2 * bytes_.capacity(), kSmallest});
      const std::size_t capacity = std::min(grown, capacity_max);
      if (!budget_.try_take(capacity - bytes_.capacity())) return false;
      bytes_.reserve(capacity);
    }
    bytes_.insert(bytes_.end(), more.begin(), more.end());
    return true;
  }

  void drop_front(std::size_t bytes) {
    bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(bytes));
  }

  // Empty, and holding no memory.
  void release() {
    budget_.give_back(bytes_.capacity());
    std::vector<char>().swap(bytes_);
  }

 private:
  static constexpr std::size_t kSmallest = 64;

  MemoryBudget& budget_;
  std::vector<char> bytes_;
};

}  // namespace crier::dataplane
