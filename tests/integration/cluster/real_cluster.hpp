#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "services/bus/redis/options.hpp"
#include "tests/integration/cluster/crowd.hpp"
#include "tests/integration/cluster/node.hpp"
#include "tests/integration/cluster/publisher.hpp"
#include "tests/integration/cluster/streams.hpp"
#include "tests/support/redis_server.hpp"

namespace crier::testing {

using services::bus::redis::Mode;

// CRIER_TEST_LONG is set: the bounds of the product, its clients by the thousand, and its promises
// about time; otherwise everything is short and no time decides.
[[nodiscard]] bool long_form();

// What every node's bus is told, but for the node itself.
[[nodiscard]] services::bus::redis::Options bus_options(Mode mode, std::uint16_t port);
// What a redis-server needs so that what it confirmed survives its end.
[[nodiscard]] std::vector<std::string> redis_arguments(Mode mode);

// What a cluster may have lost on its bus.
enum class Loss : std::uint8_t {
  kNone,
  kCounted,  // as much as its gap counters say, to the message
};

// Several nodes, clients of each that read, and a publisher at each. Throws where what it waits for
// does not come.
class RealCluster final {
 public:
  struct Options {
    services::bus::redis::Options bus;
    std::size_t nodes = 3;
    std::size_t clients = 0;  // of each node; 0: some
  };
  explicit RealCluster(Options options);
  RealCluster(const RealCluster&) = delete;
  RealCluster& operator=(const RealCluster&) = delete;
  ~RealCluster();

  // Until every node reaches every other.
  void await_met();
  // Whether every node has the bus and reaches exactly so many others.
  [[nodiscard]] bool reach(std::size_t others);
  // Until no node has the bus.
  void await_down();
  // Until every publisher got so many more of these answers.
  void await_answers(v1::Published published, std::uint64_t count = 3);
  // In the long form: whether every caller so far was answered in time. The time is the bus's 50 ms
  // beside what it takes to push to this node's own clients, so not after a burst for all of them.
  void check_answer_times();
  // Until every node has lost the bus once more than `before` says.
  [[nodiscard]] std::vector<std::uint64_t> losses();
  void await_losses(const std::vector<std::uint64_t>& before);

  // Publishes on every node until finish(). `met`: see Publisher.
  void start_load(bool met = true);
  void start_load(std::uint64_t count);
  // Until all of it was answered.
  void stop_load();

  // Ends the load, lets the nodes meet and everything arrive, and checks all that must hold: what
  // each client got, what each node counted, what each caller was told. Returns how many
  // broadcasts are missing, over all nodes.
  std::uint64_t finish(Loss loss);

  [[nodiscard]] std::size_t size() const { return nodes_.size(); }
  [[nodiscard]] Node& node(std::size_t index) { return *nodes_.at(index); }
  [[nodiscard]] Publisher& publisher(std::size_t index) { return *publishers_.at(index); }
  [[nodiscard]] std::uint64_t ignored(std::size_t node, services::cluster::Ignored reason);
  [[nodiscard]] std::uint64_t answers(v1::Published published);

 private:
  void make_publishers(bool met, std::chrono::microseconds period, std::size_t window);
  [[nodiscard]] bool all(const std::function<bool(Node&)>& condition);
  void await_arrival();
  void check_books(std::size_t node);
  void check_callers();

  const Options options_;
  const Streams streams_;
  std::vector<std::unique_ptr<Node>> nodes_;
  Crowd crowd_;
  std::vector<std::unique_ptr<Publisher>> publishers_;
};

// A test of one mode of the bus. Leaves no file descriptor behind.
class ClusterTest : public ::testing::TestWithParam<Mode> {
 protected:
  void TearDown() override;

  [[nodiscard]] RealCluster::Options options(std::uint16_t port) const;
  // With probes that no busy machine loses.
  [[nodiscard]] RealCluster::Options calm_options(std::uint16_t port) const;

 private:
  const std::size_t files_before_;

 public:
  ClusterTest();
};

[[nodiscard]] std::string mode_name(const ::testing::TestParamInfo<Mode>& each);

#define CRIER_BOTH_MODES(suite) \
  INSTANTIATE_TEST_SUITE_P(Bus, suite, ::testing::Values(Mode::kPubSub, Mode::kStream), mode_name)

}  // namespace crier::testing
