#include "dataplane/shard/shard.hpp"

#include <pthread.h>

#include <algorithm>
#include <string>
#include <utility>

namespace crier::dataplane {
namespace {

// The slot and as much of the serial as fits: enough to tell a slot's owners apart within a turn.
std::uint64_t token_of(const Connection& connection) {
  return (static_cast<std::uint64_t>(connection.id().slot) << 32U) |
         static_cast<std::uint32_t>(connection.serial());
}

}  // namespace

Shard::Shard(const Options& options, Sockets& sockets, NodePort& node, ShardObserver& observer,
             MemoryBudget& partial_memory, QueueMemory& queue_memory)
    : observer_(observer),
      shard_(sockets, node, partial_memory, queue_memory),
      table_(shard_),
      fanout_(shard_, table_,
              [this](const BroadcastJobPtr& job) {
                if (job->finish_part()) finished_.push_back(job);
              }),
      eviction_(shard_, table_),
      poller_(context_),
      lobby_(poller_, sockets, queue_memory,
             {[this](ListenerContext& listener, Arrival arrival) {
                become_client(listener, std::move(arrival));
              },
              [this] { ++gone_; }}),
      timer_(context_),
      guard_(context_.get_executor()),
      last_tick_(Clock::now()) {
  shard_.incarnation = options.incarnation;
  shard_.shard = options.index;
  shard_.flush = options.flush;
  shard_.linger = options.linger;
  shard_.random.seed(static_cast<std::uint32_t>(options.incarnation) + options.index);
}

Shard::~Shard() = default;

void Shard::start() {
  poller_.start([this](const std::function<void()>& work) { turn(work); },
                [this](const Poller::Event& event) { on_event(event); });
  plan_tick();
  thread_ = std::thread([this] {
    ::pthread_setname_np(::pthread_self(), ("shard-" + std::to_string(shard_.shard)).c_str());
    context_.run();
  });
}

void Shard::stop() {
  if (!thread_.joinable()) return;
  post([this] {
    lobby_.clear();
    for_each_connection([](Connection& c) { c.close(CloseReason::kHardStop); });
    free_ended();
    fanout_.add(inbox_.take_all());
    while (!fanout_.idle()) fanout_.step();
    poller_.stop();
    stopping_ = true;
    timer_.cancel();
    guard_.reset();
  });
  thread_.join();
}

// --- Turns.

void Shard::end_turn() {
  free_ended();
  if (!shard_.awaiting_node.empty() && !waiting_for_room_) {
    waiting_for_room_ = true;
    observer_.on_waiting_for_room(shard_.shard);
  }
  schedule_work();
  plan_tick();
  publish();
  if (!finished_.empty()) observer_.on_broadcasts_done(std::exchange(finished_, {}));
  if (gone_ > 0) observer_.on_connections_gone(std::exchange(gone_, 0));
}

void Shard::free_ended() {
  // Freeing one never ends another.
  for (const std::uint32_t slot : shard_.ended) table_.remove(slot);
  if (table_.size() == 0) populated_.store(false, std::memory_order_release);
  gone_ += static_cast<std::uint32_t>(shard_.ended.size());
  shard_.ended.clear();
}

void Shard::publish() {
  const std::lock_guard lock(published_mutex_);
  published_ = shard_.stats;
}

ShardStats Shard::stats() const {
  const std::lock_guard lock(published_mutex_);
  return published_;
}

// Work that is not an event: more to read, and broadcasts. One portion for each pass through the
// io_context, so that events get their turn in between.
void Shard::schedule_work() {
  if (work_scheduled_ || (shard_.readable.empty() && fanout_.idle() && eviction_.idle())) {
    return;
  }
  work_scheduled_ = true;
  post([this] {
    work_scheduled_ = false;
    work();
  });
}

void Shard::work() {
  serve_readable();
  if (!fanout_.idle()) fanout_.step();
  if (!eviction_.idle()) eviction_.step();
}

void Shard::serve_readable() {
  for (const auto& handle : std::exchange(shard_.readable, {})) {
    if (Connection* connection = table_.find(handle.slot, handle.serial)) connection->on_turn();
  }
}

void Shard::on_event(const Poller::Event& event) {
  if (Lobby::owns(event.token)) {
    lobby_.on_event(event, shard_.now);
    return;
  }
  Connection* connection = table_.at(static_cast<std::uint32_t>(event.token >> 32U));
  if (connection == nullptr || token_of(*connection) != event.token) return;
  if (event.finished) connection->on_peer_finished();
  connection->on_ready(event.readable, event.writable);
}

// An idle shard wakes up seldom; one where a deadline is near does so in time.
void Shard::plan_tick() {
  if (stopping_) return;
  const Time last = last_tick();
  const Time soonest =
      std::min({shard_.deadlines.soonest(), lobby_.soonest(), eviction_.soonest()});
  const Time wanted = std::max(last + kTick, std::min(soonest, last + kIdleTick));
  if (wanted >= next_tick_) return;
  next_tick_ = wanted;
  timer_.expires_at(wanted);
  timer_.async_wait([this](asio::error_code ec) {
    // Where the time was up already, cancel() came too late and this runs all the same.
    if (!ec && !stopping_) turn([this] { tick(); });
  });
}

void Shard::tick() {
  const auto late = std::chrono::duration<double>(shard_.now - next_tick_).count();
  shard_.stats.loop_lag.observe(std::max(0.0, late));
  last_tick_.store(shard_.now, std::memory_order_relaxed);
  next_tick_ = kNever;
  expire();
}

void Shard::expire() {
  lobby_.expire(shard_.now);
  eviction_.expire(shard_.now);
  shard_.deadlines.expire(shard_.now, [this](std::uint32_t slot) {
    if (Connection* connection = table_.at(slot)) connection->on_deadline();
  });
}

// --- Connections come.

void Shard::adopt(ListenerContext& listener, std::vector<AcceptedSocket> sockets) {
  post([this, &listener, sockets = std::move(sockets)]() mutable {
    for (AcceptedSocket& socket : sockets) adopt_one(listener, std::move(socket));
  });
}

void Shard::adopt_one(ListenerContext& listener, AcceptedSocket socket) {
  if (listener.has_handshake()) {
    lobby_.add(listener, std::move(socket), shard_.now);
    if (draining_) lobby_.clear();
  } else if (listener.addresses.enter(socket.peer)) {
    become_client(listener, {std::move(socket.fd), socket.peer, nullptr, {}});
  } else {
    turn_away(listener, socket.peer, RejectReason::kAddressLimit);
  }
}

void Shard::become_client(ListenerContext& listener, Arrival arrival) {
  if (const auto obstacle = obstacle_to(listener, arrival)) {
    listener.addresses.leave(arrival.peer);
    turn_away(listener, arrival.peer, *obstacle);
    return;
  }
  listener.accepted.fetch_add(1, std::memory_order_relaxed);
  Connection& connection =
      table_.add(listener, arrival.fd.release(), arrival.peer, std::move(arrival.session));
  populated_.store(true, std::memory_order_release);
  if (!poller_.add(connection.fd(), token_of(connection))) {
    connection.start();
    connection.close(CloseReason::kInternalError);
    return;
  }
  if (draining_) connection.close_at(drain_end_);
  connection.start(arrival.input);
}

void Shard::turn_away(ListenerContext& listener, const PeerAddress& peer, RejectReason reason) {
  listener.connections.fetch_sub(1, std::memory_order_relaxed);
  listener.reject(peer, reason);
  ++gone_;
}

// Why there is no room for it; where there is some, its identity is counted.
std::optional<RejectReason> Shard::obstacle_to(ListenerContext& listener, const Arrival& arrival) {
  // The acceptor asked, too, but a handshake takes its time.
  if (listener.has_handshake() && shard_.queue_memory.level() >= PressureLevel::kShed) {
    return RejectReason::kMemory;
  }
  if (!arrival.session || !arrival.session->identity) return std::nullopt;
  if (listener.identities.enter(arrival.session->identity->subject)) return std::nullopt;
  return RejectReason::kIdentityLimit;
}

// --- Broadcasts.

void Shard::submit(BroadcastJobPtr job) {
  if (inbox_.push(std::move(job))) {
    post([this] { fanout_.add(inbox_.take_all()); });
  }
}

}  // namespace crier::dataplane
