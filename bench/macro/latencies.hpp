#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace crier::bench {

// Delivery times in nanoseconds, in buckets less than 1 % wide: any number of them in fixed memory.
class Latencies {
 public:
  void add(std::uint64_t ns) {
    ++counts_[bucket_of(ns)];
    ++total_;
    max_ns_ = std::max(max_ns_, ns);
  }

  Latencies& operator+=(const Latencies& other) {
    for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
    total_ += other.total_;
    max_ns_ = std::max(max_ns_, other.max_ns_);
    return *this;
  }

  [[nodiscard]] std::uint64_t max_ns() const { return max_ns_; }

  // Calls visit(upper end in nanoseconds, how many) for each bucket that is not empty, in order.
  template <class Visit>
  void for_each(Visit visit) const {
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      if (counts_[i] > 0) visit(std::min(max_ns_, upper_end(i)), counts_[i]);
    }
  }

  // The upper end of the bucket in which this part (0..1) of all of them is reached; 0 of none.
  [[nodiscard]] std::uint64_t quantile_ns(double part) const {
    const auto wanted = static_cast<std::uint64_t>(part * static_cast<double>(total_));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      seen += counts_[i];
      if (seen > wanted) return std::min(max_ns_, upper_end(i));
    }
    return max_ns_;
  }

 private:
  // Below 2^kBits a bucket for each value, above it 2^(kBits - 1) for each power of two.
  static constexpr unsigned kBits = 8;
  static constexpr std::uint64_t kHalf = std::uint64_t{1} << (kBits - 1);

  static std::size_t bucket_of(std::uint64_t ns) {
    const auto width = static_cast<unsigned>(std::bit_width(ns));
    if (width <= kBits) return static_cast<std::size_t>(ns);
    const unsigned shift = width - kBits;
    return static_cast<std::size_t>(shift * kHalf + (ns >> shift));
  }
  static std::uint64_t upper_end(std::size_t bucket) {
    if (bucket < 2 * kHalf) return bucket;
    const std::uint64_t shift = bucket / kHalf - 1;
    return ((bucket - shift * kHalf + 1) << shift) - 1;
  }

  std::array<std::uint64_t, (64 - kBits + 2) * kHalf> counts_{};
  std::uint64_t total_ = 0;
  std::uint64_t max_ns_ = 0;
};

}  // namespace crier::bench
