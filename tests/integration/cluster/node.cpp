#include "tests/integration/cluster/node.hpp"

#include <cstdio>
#include <utility>

#include "services/control/node_id.hpp"

namespace crier::testing {
namespace {

using namespace services;  // NOLINT(google-build-using-namespace): what is under test

// Queues that hold whatever a test publishes: what is missing was lost on the way, not here.
dataplane::Config plane_config() {
  dataplane::ListenerConfig listener = loopback_listener();
  listener.queue.max_frames = 1U << 20U;
  listener.queue.max_bytes = 1U << 30U;
  listener.write_stall = kPatience;
  return config_of({std::move(listener)});
}

bus::redis::Options of_node(bus::redis::Options options, std::uint64_t epoch) {
  options.node = epoch;
  return options;
}

cluster::ClusterOptions cluster_options(const std::string& name, const bus::redis::Options& bus,
                                        RunningDataplane& plane) {
  cluster::ClusterOptions options;
  options.epoch = plane->incarnation();
  options.name = name;
  options.heartbeat = bus.probe_interval;
  options.silence = bus.probe_timeout;
  options.max_message_bytes = bus.max_message_bytes;
  options.describe = [&plane, name, epoch = options.epoch] {
    v1::Node self;
    self.set_name(name);
    self.set_node_id(control::make_node_id(name, epoch));
    self.set_self(true);
    self.set_reachable(true);
    self.set_clients(static_cast<std::int64_t>(plane->clients()));
    return self;
  };
  return options;
}

control::ControlOptions control_options() {
  control::ControlOptions options;
  options.listeners = plane_config().listeners;
  return options;
}

}  // namespace

Node::Node(const std::string& name, const bus::redis::Options& options)
    : plane(plane_config()),
      clients_(*plane),
      bus(loop_, of_node(options, plane->incarnation()),
          [name](const std::string& sentence) {
            std::printf("%s: %s\n", name.c_str(), sentence.c_str());
          }),
      cluster(loop_, bus, cluster_options(name, options, plane)),
      control(clients_, cluster, control_options()),
      thread_([this] { loop_.run(); }) {
  cluster.start(control);
}

Node::~Node() {
  cluster.stop();
  work_.reset();
  loop_.stop();
  thread_.join();
  plane->stop();
}

}  // namespace crier::testing
