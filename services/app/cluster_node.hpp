#pragma once

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <thread>

#include "services/bus/redis/redis_bus.hpp"
#include "services/cluster/cluster.hpp"
#include "services/control/control.hpp"

namespace crier::services::app {

// This node among others: the bus over Redis, what is said over it, and the thread of both.
class ClusterNode final {
 public:
  ClusterNode(bus::redis::Options bus, cluster::ClusterOptions options);
  ClusterNode(const ClusterNode&) = delete;
  ClusterNode& operator=(const ClusterNode&) = delete;
  ~ClusterNode() { stop(); }

  // `control` must outlive stop().
  void start(control::Control& control);
  // Says goodbye to the others. Every open call of Peers has been answered then. Idempotent.
  void stop();

  [[nodiscard]] control::Peers& peers() { return cluster_; }
  // Any thread.
  [[nodiscard]] bool bus_up() const { return bus_.up(); }
  [[nodiscard]] bus::Stats bus_stats() const { return bus_.stats(); }
  [[nodiscard]] cluster::Stats cluster_stats() const { return cluster_.stats(); }

 private:
  asio::io_context loop_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_{loop_.get_executor()};
  bus::redis::RedisBus bus_;
  cluster::Cluster cluster_;
  std::thread thread_;
};

}  // namespace crier::services::app
