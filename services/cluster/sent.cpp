#include "services/cluster/sent.hpp"

#include <algorithm>

namespace crier::services::cluster {

std::uint64_t Sent::next(std::uint64_t to, Clock::time_point now) {
  if (to != 0) return ++nodes_[to];
  if (samples_.empty() || now - samples_.back().time >= kSampleTime) {
    samples_.push_back({now, everyone_});
    if (samples_.size() > kSamplesMax) samples_.pop_front();
  }
  return ++everyone_;
}

std::uint64_t Sent::to(std::uint64_t node) const {
  if (node == 0) return everyone_;
  const auto found = nodes_.find(node);
  return found == nodes_.end() ? 0 : found->second;
}

// Between two samples nothing was published later than kSampleTime after the first of them.
std::uint64_t Sent::to_everyone_at(Clock::time_point then) const {
  const auto next =
      std::upper_bound(samples_.begin(), samples_.end(), then,
                       [](Clock::time_point time, const Sample& each) { return time < each.time; });
  if (next != samples_.begin()) {
    const Sample& last = *std::prev(next);
    if (then - last.time < kSampleTime) return last.before;
  }
  return next == samples_.end() ? everyone_ : next->before;
}

}  // namespace crier::services::cluster
