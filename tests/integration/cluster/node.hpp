#pragma once

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <string>
#include <thread>

#include "services/bus/redis/redis_bus.hpp"
#include "services/cluster/cluster.hpp"
#include "services/control/control.hpp"
#include "services/control/dataplane_clients.hpp"
#include "tests/support/running_dataplane.hpp"

namespace crier::testing {

// A whole node but for gRPC: a data plane with one listener, the control API over it, and the bus
// that joins it to others. Runs from construction on.
class Node final {
 public:
  // `bus.node` is set here. What the bus says of itself is printed.
  Node(const std::string& name, const services::bus::redis::Options& bus);
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
  ~Node();

  RunningDataplane plane;

 private:
  asio::io_context loop_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_{loop_.get_executor()};
  services::control::DataplaneClients clients_;

 public:
  services::bus::redis::RedisBus bus;
  services::cluster::Cluster cluster;
  services::control::Control control;

 private:
  std::thread thread_;
};

}  // namespace crier::testing
