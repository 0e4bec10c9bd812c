#include "services/app/summary.hpp"

#include <cstdint>
#include <numeric>

#include "services/logging/log.hpp"

namespace crier::services::app {
namespace {

template <typename Counts>
std::uint64_t total(const Counts& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

}  // namespace

void log_summary(const dataplane::Stats& stats, std::chrono::steady_clock::duration uptime) {
  std::uint64_t accepted = 0;
  std::uint64_t rejected = 0;
  for (const dataplane::ListenerStats& listener : stats.listeners) {
    accepted += listener.accepted;
    rejected += total(listener.rejected);
  }
  const dataplane::ShardStats& shards = stats.shards;
  logging::log(
      logging::Level::kInfo, "stopped",
      {{"uptime_seconds", std::chrono::duration_cast<std::chrono::seconds>(uptime).count()},
       {"accepted", accepted},
       {"rejected", rejected},
       {"connections", shards.connections},
       {"offered", total(shards.offered)},
       {"sent", shards.sent_frames},
       {"dropped", total(shards.dropped)},
       {"discarded", total(shards.discarded)},
       {"queued", shards.queued_frames},
       {"received", shards.received_frames}});
}

}  // namespace crier::services::app
