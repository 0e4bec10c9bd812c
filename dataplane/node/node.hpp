#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "dataplane/dataplane.hpp"
#include "dataplane/fanout/broadcast_job.hpp"
#include "dataplane/listener/acceptor.hpp"
#include "dataplane/node/answers.hpp"
#include "dataplane/node/encoder.hpp"
#include "dataplane/shard/shard.hpp"

namespace crier::dataplane {

// What stands behind the door: listeners, shards, and the order of broadcasts.
class Dataplane::Impl final : private NodePort, private ShardObserver {
 public:
  explicit Impl(Config config);
  ~Impl() override;

  void tell_closed(std::function<void(const ClosedClient&)> closed) { closed_ = std::move(closed); }
  void use_authenticator(ListenerIndex listener, std::shared_ptr<Authenticator> authenticator) {
    listeners_.at(listener)->authenticator = std::move(authenticator);
  }
  void use_tls(ListenerIndex listener, TlsContextPtr context) {
    listeners_.at(listener)->tls.set(std::move(context));
  }
  void tell_rejected(const std::function<void(const RejectedClient&)>& rejected);
  void start();
  void stop();

  [[nodiscard]] std::vector<Listener> listeners() const;
  [[nodiscard]] std::optional<ListenerIndex> find_listener(std::string_view name) const;
  [[nodiscard]] std::uint64_t incarnation() const { return incarnation_; }

  Submit broadcast(const Broadcast& broadcast, BroadcastDone done);
  void when_ready(std::function<void()> ready);
  void list(ListRequest request, std::function<void(ListPage)> done);
  void get(const ClientId& id, std::function<void(std::optional<ClientInfo>)> done);
  void disconnect(DisconnectRequest request, std::function<void(DisconnectResult)> done);
  [[nodiscard]] std::uint64_t clients(std::optional<ListenerIndex> listener) const;

  void stop_accepting(std::function<void()> done);
  void drain(std::chrono::milliseconds spread, std::chrono::milliseconds flush,
             std::function<void()> empty);
  void close_all();

  [[nodiscard]] Stats stats() const;
  [[nodiscard]] std::chrono::milliseconds oldest_tick() const;

 private:
  // What connections ask for.
  Submit relay(ListenerIndex listener, const ClientId& from, std::string_view payload) override;
  void complete_reply(const ClientId& client, std::uint64_t sequence,
                      std::optional<std::string> payload) override;
  void on_closed(const ClosedClient& client) override {
    if (closed_) closed_(client);
  }
  // What shards tell.
  void on_broadcasts_done(std::vector<BroadcastJobPtr> jobs) override;
  void on_disconnect_done(const DisconnectJobPtr& job) override;
  void on_connections_gone(std::uint32_t count) override;
  void on_waiting_for_room(std::uint8_t shard) override;

  void check_credentials() const;
  void make_shards();
  void make_acceptors();
  void deliver(ListenerContext& listener, std::vector<AcceptedSocket> sockets);
  [[nodiscard]] bool routable(const ClientId& id) const;
  void address(BroadcastJob& job, const Target& target) const;
  [[nodiscard]] Submit encode_and_submit(const Broadcast& broadcast, BroadcastDone done);
  [[nodiscard]] Submit submit(BroadcastJobPtr job);
  void answer(BroadcastJob& job);
  [[nodiscard]] Submit admit(BroadcastJob& job, const Broadcast& broadcast);
  void give_back(const BroadcastJob& job);
  void tell_room();
  void on_queue_memory_changed();
  void list_from(ListRequest request, ListPage so_far, std::function<void(ListPage)> done);

  // Any thread. Before whatever holds memory that they count.
  MemoryBudget partial_memory_;
  QueueMemory queue_memory_;
  MemoryBudget inflight_;

  // Constant after start().
  const Config config_;
  const std::uint64_t incarnation_;
  std::function<void(const ClosedClient&)> closed_;
  std::uint64_t connections_limit_ = 0;
  Encoder encoder_;
  std::vector<std::unique_ptr<ListenerContext>> listeners_;
  std::vector<std::unique_ptr<Sockets>> sockets_;  // of each shard
  std::vector<std::unique_ptr<Shard>> shards_;
  std::vector<std::unique_ptr<Acceptor>> acceptors_;

  // Any thread (atomic, or with a lock of their own).
  AcceptStats accept_stats_;
  std::atomic<std::uint64_t> connections_{0};
  std::atomic<std::uint64_t> overloaded_{0};
  std::atomic<std::uint32_t> next_shard_{0};
  Answers answers_;

  // The sequencer: whoever holds it puts one broadcast into every inbox, so all shards see one
  // order.
  std::mutex sequencer_;
  bool stopped_ = true;  // sequencer_

  std::mutex waiting_mutex_;
  std::vector<std::function<void()>> waiting_for_room_;  // waiting_mutex_
  std::function<void()> on_empty_;                       // waiting_mutex_

  mutable std::mutex answered_mutex_;
  Histogram<kEnqueueBounds> enqueue_;  // answered_mutex_
  Histogram<kWidthBounds> width_;      // answered_mutex_
};

}  // namespace crier::dataplane
