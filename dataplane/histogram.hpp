#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace crier::dataplane {

// Counts observations per bucket, without locks: one writer, copied out as a value.
// `Bounds` is an ascending std::array<double, N> of inclusive upper bounds; the last bucket is
// +Inf.
template <const auto& Bounds>
struct Histogram {
  static constexpr std::size_t kBuckets = Bounds.size() + 1;

  std::array<std::uint64_t, kBuckets> counts{};  // not cumulative
  double sum = 0;

  void observe(double value) {
    std::size_t bucket = 0;
    while (bucket < Bounds.size() && value > Bounds[bucket]) ++bucket;
    ++counts[bucket];
    sum += value;
  }

  [[nodiscard]] std::uint64_t count() const {
    std::uint64_t total = 0;
    for (std::uint64_t c : counts) total += c;
    return total;
  }

  Histogram& operator+=(const Histogram& other) {
    for (std::size_t i = 0; i < kBuckets; ++i) counts[i] += other.counts[i];
    sum += other.sum;
    return *this;
  }
};

}  // namespace crier::dataplane
