#pragma once

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dataplane/fanout/fanout.hpp"
#include "dataplane/node/encoder.hpp"
#include "dataplane/processors/registry.hpp"
#include "dataplane/shard/connection_table.hpp"

namespace crier::testing {

// Sockets without a kernel: a send takes everything, or nothing while `full`. Nothing ever arrives.
class NullSockets final : public dataplane::Sockets {
 public:
  Result receive(int, std::span<char>) override { return {0, EAGAIN}; }
  Result send(int, std::span<const iovec> from) override {
    ++send_calls;
    if (full) return {0, EAGAIN};
    std::size_t bytes = 0;
    for (const iovec& part : from) bytes += part.iov_len;
    return {bytes, 0};
  }
  void shutdown_send(int) override {}
  void close(int) override {}
  std::optional<dataplane::TcpInfo> tcp_info(int) override { return std::nullopt; }

  bool full = false;
  std::uint64_t send_calls = 0;
};

// A shard without thread, sockets or clock, for measuring and counting what crier itself does.
class NullShard : private dataplane::NodePort {
 public:
  explicit NullShard(const dataplane::ListenerConfig& config = {})
      : listener(0, config, dataplane::make_processor(config)),
        encoder_({listener.encoding}, queue_memory_),
        fanout_(shard, table, [](const dataplane::BroadcastJobPtr& job) {
          if (job->finish_part()) job->answer();
        }) {
    shard.incarnation = 1;
    shard.now = dataplane::Clock::now();
  }
  ~NullShard() override {
    run();
    disconnect_all();
  }

  void connect(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      listener.connections.fetch_add(1);
      table.add(listener, 0, dataplane::PeerAddress()).start();
    }
  }
  void disconnect_all() {
    each([](dataplane::Connection& c) { c.close(dataplane::CloseReason::kHardStop); });
    (void)remove_ended();
  }
  // Every n-th slot keeps its client, from the first on. Returns how many have gone.
  std::size_t disconnect_all_but_every(std::uint32_t n) {
    each([n](dataplane::Connection& c) {
      if (c.id().slot % n != 0) c.close(dataplane::CloseReason::kHardStop);
    });
    return remove_ended();
  }

  // Broadcasts to everybody; run() carries them out, all in one walk.
  void submit(std::string_view payload, std::size_t count = 1) {
    std::vector<dataplane::BroadcastJobPtr> jobs;
    for (std::size_t i = 0; i < count; ++i) {
      jobs.push_back(std::make_shared<dataplane::BroadcastJob>(
          1, [this](const dataplane::BroadcastResult& result) { queued += result.queued; }));
      (void)encoder_.fill(*jobs.back(), payload);
      jobs.back()->expect_parts(1);
    }
    fanout_.add(std::move(jobs));
  }
  void run() {
    while (!fanout_.idle()) fanout_.step();
  }
  // Every socket takes bytes again.
  void drain() {
    each([](dataplane::Connection& c) { c.on_ready(false, true); });
  }

 private:
  dataplane::MemoryBudget partial_memory_{UINT64_MAX};
  dataplane::QueueMemory queue_memory_;

 public:
  NullSockets sockets;
  dataplane::ShardContext shard{sockets, *this, partial_memory_, queue_memory_};
  dataplane::ListenerContext listener;
  dataplane::ConnectionTable table{shard};
  std::uint64_t queued = 0;  // deliveries that finished broadcasts reported

 private:
  dataplane::Submit relay(dataplane::ListenerIndex, const dataplane::ClientId&,
                          std::string_view) override {
    return dataplane::Submit::kStopped;
  }
  void complete_reply(const dataplane::ClientId&, std::uint64_t,
                      std::optional<std::string>) override {}
  void on_closed(const dataplane::ClosedClient&) override {}

  std::size_t remove_ended() {
    for (const std::uint32_t slot : shard.ended) table.remove(slot);
    const std::size_t gone = shard.ended.size();
    shard.ended.clear();
    return gone;
  }
  template <class Visit>
  void each(Visit visit) {
    for (std::uint32_t slot = 0; slot < table.slots(); ++slot) {
      if (dataplane::Connection* connection = table.at(slot)) visit(*connection);
    }
  }

  dataplane::Encoder encoder_;
  dataplane::Fanout fanout_;
};

}  // namespace crier::testing
