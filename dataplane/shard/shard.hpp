#pragma once

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

#include "dataplane/client_info.hpp"
#include "dataplane/fanout/fanout.hpp"
#include "dataplane/listener/acceptor.hpp"
#include "dataplane/shard/connection_table.hpp"
#include "dataplane/shard/disconnect_job.hpp"
#include "dataplane/shard/eviction.hpp"
#include "dataplane/shard/inbox.hpp"
#include "dataplane/shard/lobby.hpp"
#include "dataplane/shard/poller.hpp"

namespace crier::dataplane {

// What a shard tells its node. Called on the shard's thread.
class ShardObserver {
 public:
  ShardObserver() = default;
  ShardObserver(const ShardObserver&) = delete;
  ShardObserver& operator=(const ShardObserver&) = delete;
  virtual ~ShardObserver() = default;

  // Every part of these is finished.
  virtual void on_broadcasts_done(std::vector<BroadcastJobPtr> jobs) = 0;
  virtual void on_disconnect_done(const DisconnectJobPtr& job) = 0;
  // So many sockets have been closed since the last such call.
  virtual void on_connections_gone(std::uint32_t count) = 0;
  // Some client waits to relay; call Shard::node_has_room() when that is worth trying.
  virtual void on_waiting_for_room(std::uint8_t shard) = 0;
};

// One thread, one io_context, and the connections that live there.
//
// Everything happens in turns: events of sockets, a step of a broadcast, a tick of the timer. A
// turn ends with freeing what ended in it and publishing what was counted.
class Shard {
 public:
  struct Options {
    std::uint8_t index = 0;
    std::uint64_t incarnation = 0;
    std::chrono::milliseconds flush{};
    std::chrono::milliseconds linger{};
  };
  Shard(const Options& options, Sockets& sockets, NodePort& node, ShardObserver& observer,
        MemoryBudget& partial_memory, QueueMemory& queue_memory);
  Shard(const Shard&) = delete;
  Shard& operator=(const Shard&) = delete;
  ~Shard();  // REQUIRES: stopped or never started

  // --- Any thread.
  void start();
  // Aborts every connection, finishes every broadcast, runs what was posted, and joins.
  void stop();
  [[nodiscard]] asio::io_context& context() { return context_; }
  [[nodiscard]] ShardStats stats() const;
  // Whether it has connections, or had some when this turn of its loop began.
  [[nodiscard]] bool populated() const { return populated_.load(std::memory_order_acquire); }
  [[nodiscard]] Time last_tick() const { return last_tick_.load(std::memory_order_relaxed); }

  void submit(BroadcastJobPtr job);
  void disconnect(DisconnectJobPtr job);
  void adopt(ListenerContext& listener, std::vector<AcceptedSocket> sockets);
  void node_has_room();
  void queue_memory_changed();
  void complete_reply(const ClientId& client, std::uint64_t sequence,
                      std::optional<std::string> payload);
  // Closes each client (kDrain) at a random moment within `spread`.
  void drain(std::chrono::milliseconds spread, std::chrono::milliseconds flush);
  void close_all();

  using PageDone = std::function<void(ListPage)>;
  // Fills one page from this shard's slots; ListPage::next names where it stopped, on this shard.
  void list(const ListRequest& request, PageDone done);
  void get(const ClientId& id, std::function<void(std::optional<ClientInfo>)> done);

 private:
  // Between two ticks of the timer: where a deadline is near, and where none is.
  static constexpr std::chrono::milliseconds kTick{100};
  static constexpr std::chrono::milliseconds kIdleTick{500};

  template <class F>
  void post(F&& work);
  template <class F>
  void turn(F&& work);
  void end_turn();
  void free_ended();
  void publish();

  void plan_tick();
  void tick();
  void expire();
  void schedule_work();
  void work();
  void serve_readable();
  void on_event(const Poller::Event& event);
  void adopt_one(ListenerContext& listener, AcceptedSocket socket);
  void become_client(ListenerContext& listener, Arrival arrival);
  [[nodiscard]] std::optional<RejectReason> obstacle_to(ListenerContext& listener,
                                                        const Arrival& arrival);
  void turn_away(ListenerContext& listener, const PeerAddress& peer, RejectReason reason);
  void disconnect_step(const DisconnectJobPtr& job, std::size_t next);
  void disconnect_one(DisconnectJob& job, Connection& connection);
  template <class F>
  void for_each_connection(F&& visit);

  // Constant after construction.
  ShardObserver& observer_;

  // Shard thread only.
  asio::io_context context_{1};
  ShardContext shard_;
  ConnectionTable table_;
  Fanout fanout_;
  Eviction eviction_;
  Poller poller_;
  Lobby lobby_;
  asio::steady_timer timer_;
  Time next_tick_ = kNever;
  asio::executor_work_guard<asio::io_context::executor_type> guard_;
  std::vector<BroadcastJobPtr> finished_;
  bool work_scheduled_ = false;
  bool waiting_for_room_ = false;
  std::uint32_t gone_ = 0;
  bool stopping_ = false;
  bool draining_ = false;  // who arrives now is closed within what is left of the spread
  Time drain_end_{};

  // Any thread.
  Inbox inbox_;
  std::atomic<bool> populated_{false};
  std::atomic<Time> last_tick_;
  mutable std::mutex published_mutex_;
  ShardStats published_;

  std::thread thread_;
};

template <class F>
void Shard::post(F&& work) {
  asio::post(context_, [this, work = std::forward<F>(work)]() mutable { turn(work); });
}

template <class F>
void Shard::turn(F&& work) {
  shard_.now = Clock::now();
  work();
  end_turn();
}

template <class F>
void Shard::for_each_connection(F&& visit) {
  for (std::uint32_t slot = 0; slot < table_.slots(); ++slot) {
    if (Connection* connection = table_.at(slot)) visit(*connection);
  }
}

}  // namespace crier::dataplane
