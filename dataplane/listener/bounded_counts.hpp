#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>

namespace crier::dataplane {

// How many clients share each key, with a bound on every one. Holds only keys that have clients, so
// it is bounded by their number. Any thread.
template <class Key>
class BoundedCounts {
 public:
  // 0: no bound; then nothing is counted.
  explicit BoundedCounts(std::uint32_t max) : max_(max) {}

  // Counts one more; false, and it is not counted, where there are `max` already.
  [[nodiscard]] bool enter(const Key& key) {
    if (max_ == 0) return true;
    const std::lock_guard lock(mutex_);
    std::uint32_t& clients = counts_[key];
    if (clients == max_) return false;
    ++clients;
    return true;
  }
  // REQUIRES: it has entered.
  void leave(const Key& key) {
    if (max_ == 0) return;
    const std::lock_guard lock(mutex_);
    const auto found = counts_.find(key);
    if (found != counts_.end() && --found->second == 0) counts_.erase(found);
  }

  [[nodiscard]] std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return counts_.size();
  }

 private:
  const std::uint32_t max_;
  mutable std::mutex mutex_;
  // Ordered: clients choose their keys, so they could choose those that a hash is slow with.
  std::map<Key, std::uint32_t> counts_;  // mutex_
};

}  // namespace crier::dataplane
