#pragma once

#include "services/ops/bus_metrics.hpp"

namespace crier::services::ops {

// A bus that has seen everything once, every number different from its neighbours.
[[nodiscard]] inline bus::Stats example_bus_stats() {
  bus::Stats stats;
  stats.up = true;
  stats.published = {21, 22, 23, 24};
  stats.published_bytes = 2'100;
  stats.received = 33;
  stats.received_bytes = 3'300;
  stats.connects = 5;
  stats.losses = {1, 2, 3, 4};
  stats.backlog_bytes = 600;
  stats.backlog_bytes_max = 6'000;
  stats.pauses = 7;
  stats.echo.observe(0.0004);
  stats.echo.observe(2);
  return stats;
}

[[nodiscard]] inline cluster::Stats example_cluster_stats() {
  cluster::Stats numbers;
  numbers.reachable = 2;
  numbers.unreachable = 1;
  numbers.gap_messages = 8;
  numbers.broadcasts = 9;
  numbers.ignored = {11, 12, 13, 14, 15, 16, 17, 18, 19};
  numbers.asked = {41, 42, 43};
  return numbers;
}

}  // namespace crier::services::ops
