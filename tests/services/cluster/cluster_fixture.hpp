#pragma once

#include <gtest/gtest.h>

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <cstdint>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "services/cluster/cluster.hpp"
#include "services/control/control.hpp"
#include "services/control/node_id.hpp"
#include "tests/services/cluster/memory_bus.hpp"
#include "tests/services/control/fake_clients.hpp"
#include "tests/support/deadline.hpp"

namespace crier::services::cluster {

template <class Response>
struct Answer {
  control::Status status;
  Response response;
};

// One node: a fake data plane that answers from its own thread, a Control over it, and a Cluster
// with its loop.
class TestNode final {
 public:
  TestNode(Hub& hub, std::string name, std::uint64_t epoch, bool one_path)
      : clients(epoch),
        bus(loop_, hub, epoch, one_path),
        cluster(loop_, bus, options(std::move(name), epoch)),
        control(clients, cluster, control_options()),
        epoch_(epoch) {
    clients.answer_from_thread();
  }
  ~TestNode() {
    stop();
    clients.stop_answering();
  }

  void start() {
    thread_ = std::thread([this] { loop_.run(); });
    cluster.start(control);
  }
  // Says goodbye.
  void stop() {
    if (!thread_.joinable()) return;
    cluster.stop();
    work_.reset();
    loop_.stop();
    thread_.join();
  }

  template <class Request, class Response, class Done>
  Answer<Response> ask(void (control::Control::*method)(const Request&, Response&, Done),
                       const Request& request) {
    Answer<Response> answer;
    std::promise<control::Status> done;
    (control.*method)(request, answer.response,
                      [&done](const control::Status& status) { done.set_value(status); });
    answer.status = done.get_future().get();
    return answer;
  }
  Answer<v1::BroadcastResponse> broadcast(const v1::BroadcastRequest& request) {
    return ask(&control::Control::broadcast, request);
  }
  Answer<v1::ListNodesResponse> nodes() {
    return ask(&control::Control::list_nodes, v1::ListNodesRequest());
  }

  [[nodiscard]] std::string node_id() const { return cluster.own_node_id(); }
  [[nodiscard]] std::uint64_t epoch() const { return epoch_; }
  [[nodiscard]] std::uint64_t ignored(Ignored reason) const {
    return cluster.stats().ignored[static_cast<std::size_t>(reason)];
  }
  // Payloads of what its clients were offered, in order.
  [[nodiscard]] std::vector<std::string> offered() const {
    std::vector<std::string> payloads;
    for (const auto& each : clients.sent()) payloads.push_back(each.payload);
    return payloads;
  }

 private:
  ClusterOptions options(std::string name, std::uint64_t epoch) {
    ClusterOptions options;
    options.epoch = epoch;
    options.name = std::move(name);
    options.heartbeat = std::chrono::milliseconds(20);
    options.silence = std::chrono::seconds(5);
    options.max_message_bytes = 1U << 20U;
    options.describe = [this, id = control::make_node_id(options.name, epoch)] {
      v1::Node self;
      self.set_node_id(id);
      self.set_self(true);
      self.set_reachable(true);
      self.set_version("test");
      self.set_clients(static_cast<std::int64_t>(clients.count({})));
      return self;
    };
    return options;
  }
  static control::ControlOptions control_options() {
    control::ControlOptions options;
    options.listeners.resize(2);
    options.listeners[0].name = "first";
    options.listeners[1].name = "second";
    return options;
  }

  asio::io_context loop_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_{loop_.get_executor()};

 public:
  control::FakeClients clients;
  MemoryBus bus;
  Cluster cluster;
  control::Control control;

 private:
  const std::uint64_t epoch_;
  std::thread thread_;
};

// Nodes that know each other. Their epochs ascend, with room between.
class ClusterFixture {
 public:
  explicit ClusterFixture(int count, bool one_path = true) : one_path_(one_path) {
    for (int i = 0; i < count; ++i) add();
    meet();
  }

  TestNode& add() {
    const auto number = nodes_.size() + 1;
    nodes_.push_back(std::make_unique<TestNode>(hub, "node-" + std::to_string(number),
                                                0x1000 * number, one_path_));
    nodes_.back()->start();
    return *nodes_.back();
  }
  // Waits until every running node reaches every other.
  void meet() {
    for (const auto& node : nodes_) {
      EXPECT_TRUE(testing::await([&] {
        const Stats stats = node->cluster.stats();
        return node->bus.up() && stats.reachable + 1 == nodes_.size();
      }));
    }
  }
  TestNode& operator[](std::size_t index) { return *nodes_[index]; }

  Hub hub;

 private:
  const bool one_path_;
  std::vector<std::unique_ptr<TestNode>> nodes_;
};

}  // namespace crier::services::cluster
