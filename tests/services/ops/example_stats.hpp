#pragma once

#include "dataplane/stats.hpp"

namespace crier::services::ops {

// A busy node of two listeners, every number different from its neighbours, the law kept:
// offered (100 + 20 + 30 + 40) = sent 150 + dropped 15 + discarded 12 + queued 13.
[[nodiscard]] inline dataplane::Stats example_stats() {
  dataplane::Stats stats;
  dataplane::ShardStats& shards = stats.shards;
  shards.offered = {100, 20, 30, 40};
  shards.sent_frames = 150;
  shards.sent_bytes = 15'000;
  shards.send_calls = 77;
  shards.dropped = {1, 2, 3, 4, 5};
  shards.discarded[static_cast<std::size_t>(dataplane::CloseReason::kReset)] = 8;
  shards.discarded[static_cast<std::size_t>(dataplane::CloseReason::kHardStop)] = 4;
  shards.queued_frames = 13;
  shards.queued_bytes = 1'300;
  shards.received_frames = 61;
  shards.received_bytes = 6'100;
  shards.closed[static_cast<std::size_t>(dataplane::CloseReason::kClientClosed)] = 6;
  shards.connections = 9;
  shards.connections_slow = 2;
  shards.lifetime.observe(0.5);
  shards.lifetime.observe(20);
  shards.queue_wait.observe(99);
  shards.loop_lag.observe(0.001);
  stats.listeners = {{"default", 7, 11, {1, 0}}, {"article", 2, 4, {0, 3}}};
  stats.shards_by_path = {2, 1};
  stats.connections_limit = 19'744;
  stats.accept_errors = {1, 0, 0, 2, 0};
  stats.accept_paused_seconds = 1.25;
  stats.accept_rate_limited_seconds = 2.5;
  stats.oldest_tick_seconds = 0.125;
  stats.inflight_bytes = 512;
  stats.inflight_bytes_max = 513;
  stats.partial_bytes = 33;
  stats.partial_bytes_max = 34;
  stats.queue_memory = {900, 901, dataplane::PressureLevel::kEvict, {21, 22, 23, 24}, 15};
  stats.overloaded = 14;
  stats.broadcast_enqueue.observe(0.0003);
  stats.broadcast_targets.observe(7);
  return stats;
}

}  // namespace crier::services::ops
