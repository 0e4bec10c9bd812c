#include "services/control/rpc_stats.hpp"

#include <algorithm>

namespace crier::services::control {
namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;

// kRpcBounds as durations, so that counting needs no floating point.
constexpr auto kBounds = [] {
  std::array<std::int64_t, kRpcBounds.size()> nanoseconds{};
  for (std::size_t i = 0; i < nanoseconds.size(); ++i) {
    nanoseconds[i] = static_cast<std::int64_t>(kRpcBounds[i] * 1e9 + 0.5);
  }
  return nanoseconds;
}();

}  // namespace

void RpcStats::started(Method method) {
  methods_[static_cast<std::size_t>(method)].started.fetch_add(1, kRelaxed);
}

void RpcStats::finished(Method method, Code code, Clock::duration took) {
  PerMethod& counters = methods_[static_cast<std::size_t>(method)];
  const std::int64_t nanoseconds =
      std::max<std::int64_t>(0, std::chrono::nanoseconds(took).count());
  std::size_t bucket = 0;
  while (bucket < kBounds.size() && nanoseconds > kBounds[bucket]) ++bucket;
  counters.buckets[bucket].fetch_add(1, kRelaxed);
  counters.nanoseconds.fetch_add(static_cast<std::uint64_t>(nanoseconds), kRelaxed);
  // Released last: whoever sees this call as finished also sees that it started.
  counters.finished[static_cast<std::size_t>(code)].fetch_add(1, std::memory_order_release);
}

void RpcStats::denied(Denial reason) {
  denied_[static_cast<std::size_t>(reason)].fetch_add(1, kRelaxed);
}

RpcSnapshot RpcStats::snapshot() const {
  RpcSnapshot snapshot;
  const std::uint64_t closed = closed_.load(std::memory_order_acquire);
  snapshot.connections = opened_.load(kRelaxed) - closed;
  snapshot.connections_rejected = rejected_.load(kRelaxed);
  for (std::size_t d = 0; d < denied_.size(); ++d) snapshot.denied[d] = denied_[d].load(kRelaxed);
  for (std::size_t m = 0; m < kMethods; ++m) {
    const PerMethod& from = methods_[m];
    RpcSnapshot::PerMethod& to = snapshot.methods[m];
    std::uint64_t finished = 0;
    for (std::size_t c = 0; c < kCodes; ++c) {
      to.finished[c] = from.finished[c].load(std::memory_order_acquire);
      finished += to.finished[c];
    }
    to.in_flight = from.started.load(kRelaxed) - finished;
    for (std::size_t b = 0; b < kBuckets; ++b) {
      to.duration.counts[b] = from.buckets[b].load(kRelaxed);
    }
    to.duration.sum = static_cast<double>(from.nanoseconds.load(kRelaxed)) * 1e-9;
  }
  return snapshot;
}

}  // namespace crier::services::control
