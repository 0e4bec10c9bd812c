#include "dataplane/connection/connection.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "dataplane/limits/max_age.hpp"

namespace crier::dataplane {

// There may be a million of them.
static_assert(sizeof(Connection) <= 432);

Connection::Connection(ShardContext& shard, ListenerContext& listener, const Origin& origin,
                       std::unique_ptr<Session> session)
    : shard_(shard),
      listener_(listener),
      origin_(origin),
      encrypted_(session && session->tls),
      session_(std::move(session)),
      connected_at_(shard.now) {
  ++shard_.stats.connections;
  const InboundConfig& inbound = listener.config.inbound;
  if (InboundRate::bounds(inbound)) cold().rate = std::make_unique<InboundRate>(inbound);
}

Connection::~Connection() {
  assert(ended());
}

void Connection::start(std::string_view input) {
  read_task_ = read_task();
  write_task_ = write_task();
  write_task_.start();
  read_task_.start();
  if (envelope() != nullptr) send_hello();
  if (session_) {
    count_received(input.size());
    carry(input);
    // TLS may hold input that no event will tell of.
    readable_ = true;
    held_back_ = active();
    if (!ended()) input_.notify();
  }
  if (!ended()) shard_.deadlines.wake_by(origin_.slot, next_deadline());
}

// --- The two tasks.

Task<Connection> Connection::read_task() {
  while (!ended()) {
    if (active() && fin_received_ && !held_back_) {
      close(CloseReason::kClientClosed);
      continue;
    }
    co_await input_;
    if (!active()) {
      discard_input();
    } else if (held_back_) {
      process_again();
    } else {
      receive();
    }
  }
}

Task<Connection> Connection::write_task() {
  for (;;) {
    co_await output_;
    flush();
  }
}

// --- Events.

void Connection::on_ready(bool readable, bool writable) {
  if (writable && blocked_) {
    blocked_ = false;
    if (!nothing_queued()) output_.notify();
  }
  if (!readable || ended()) return;
  readable_ = true;
  if (!held_back_) input_.notify();
}

// Among those that have more to read; once, or whoever sends much would come up more often.
void Connection::await_turn() {
  if (awaits_turn_) return;
  awaits_turn_ = true;
  shard_.readable.push_back({origin_.slot, origin_.serial});
}

void Connection::on_turn() {
  awaits_turn_ = false;
  if (readable_ && !held_back_ && !ended()) input_.notify();
}

void Connection::on_deadline() {
  if (active()) {
    if (const auto reason = overdue()) {
      close(*reason);
    } else if (shard_.now >= next_ping()) {
      send_ping();
    }
    // Perhaps it was too fast, and is not any more.
    use_room();
  } else if (!ended() && shard_.now >= deadline_) {
    end();
  }
  if (!ended()) shard_.deadlines.wake_by(origin_.slot, next_deadline());
}

void Connection::on_queue_memory() {
  if (stalled()) shard_.deadlines.wake_by(origin_.slot, next_deadline());
}

std::optional<Connection::Backlog> Connection::backlog() const {
  if (!active() || !stalled()) return std::nullopt;
  const std::uint64_t ciphertext = tls_blocked_ ? tls()->untaken_bytes() : 0;
  if (!channel_.empty()) {
    return Backlog{shard_.stamp() - channel_.oldest(), channel_.bytes() + ciphertext};
  }
  if (ciphertext == 0) return std::nullopt;
  return Backlog{shard_.stamp() - shard_.stamp_of(stalled_since_), ciphertext};
}

// Less while the node's queues hold too much.
std::chrono::milliseconds Connection::write_stall() const {
  const std::chrono::milliseconds own = listener_.config.write_stall;
  return shard_.queue_memory.level() < PressureLevel::kShed ? own : std::min(own, kShedWriteStall);
}

// When it will have reached its maximum age.
Time Connection::last_moment() const {
  const std::chrono::milliseconds max_age = listener_.config.max_age;
  if (max_age.count() == 0) return kNever;
  return connected_at_ +
         drawn_age(max_age, shard_.incarnation + (origin_.serial << 8U) + shard_.shard);
}

std::optional<CloseReason> Connection::overdue() const {
  const ListenerConfig& config = listener_.config;
  const Time now = shard_.now;
  if (now >= deadline_) return CloseReason::kDrain;
  if (stalled() && now >= stalled_since_ + write_stall()) return CloseReason::kWriteStall;
  if (session_ && now >= session_->expires) return CloseReason::kAuthExpired;
  if (now >= last_moment()) return CloseReason::kMaxAge;
  if (rate() != nullptr && now >= rate()->closes_at()) return CloseReason::kRateLimited;
  // Whoever is not being read cannot be blamed for what did not arrive.
  if (held_back_) return std::nullopt;
  if (now >= pong_deadline()) return CloseReason::kPingTimeout;
  if (partial_ && now >= partial_->since + config.partial_frame) {
    return CloseReason::kPartialTimeout;
  }
  if (config.idle_timeout.count() > 0 &&
      now >= std::max(received_at_, connected_at_) + config.idle_timeout) {
    return CloseReason::kIdleTimeout;
  }
  return std::nullopt;
}

Time Connection::next_deadline() const {
  const ListenerConfig& config = listener_.config;
  Time next = deadline_;
  if (!active()) return next;
  if (stalled()) next = std::min(next, stalled_since_ + write_stall());
  next = std::min(next, last_moment());
  if (rate() != nullptr) next = std::min(next, rate()->closes_at());
  // Held back, a deadline that has passed is looked at again when it could matter.
  const Time soonest = held_back_ ? shard_.now + config.partial_frame : Time::min();
  if (partial_) next = std::min(next, std::max(soonest, partial_->since + config.partial_frame));
  if (session_) {
    next = std::min({next, session_->expires, next_ping(), std::max(soonest, pong_deadline())});
  }
  if (config.idle_timeout.count() > 0) {
    const Time idle = std::max(received_at_, connected_at_) + config.idle_timeout;
    next = std::min(next, std::max(soonest, idle));
  }
  return next;
}

// --- The end.

void Connection::close(CloseReason reason, Farewell farewell) {
  if (ended()) return;
  if (!active()) {
    // The first reason stands; but what cannot be sent any more is not waited for.
    if (farewell == Farewell::kAbort) end();
    return;
  }
  close_reason_ = reason;
  state_ = State::kFlushing;
  partial_.reset();
  carry_.reset();
  held_back_ = false;
  if (farewell == Farewell::kAbort) {
    end();
    return;
  }
  // Behind half a frame a goaway would not be understood.
  const bool cut = farewell == Farewell::kDiscard && mid_frame();
  if (farewell == Farewell::kDiscard) abandon_queue();
  if (envelope() != nullptr && !cut) send_goaway();
  deadline_ = shard_.now + shard_.flush;
  shard_.deadlines.wake_by(origin_.slot, deadline_);
  send_queued();
  if (nothing_queued()) finish_sending();
  // What the client still sends is read from now on, or it might never read what we send.
  if (!ended() && readable_) await_turn();
}

void Connection::close_at(Time time) {
  if (!active()) return;
  deadline_ = std::min(deadline_, time);
  shard_.deadlines.wake_by(origin_.slot, deadline_);
}

// Everything queued has been sent: say so, and wait for the client's FIN, because closing a socket
// with unread input makes the kernel throw away what it has not sent yet.
void Connection::finish_sending() {
  if (state_ != State::kFlushing) return;
  shutdown_send();
  if (fin_received_) {
    end();
    return;
  }
  state_ = State::kLingering;
  deadline_ = shard_.now + shard_.linger;
  shard_.deadlines.wake_by(origin_.slot, deadline_);
}

void Connection::end() {
  if (ended()) return;
  assert(!active());
  state_ = State::kEnded;
  abandon_queue();
  shard_.sockets.close(origin_.fd);
  shard_.deadlines.clear(origin_.slot);
  shard_.ended.push_back(origin_.slot);

  ShardStats& stats = shard_.stats;
  const auto reason = static_cast<std::size_t>(close_reason_);
  ++stats.closed[reason];
  --stats.connections;
  stats.lifetime.observe(std::chrono::duration<double>(shard_.now - connected_at_).count());
  listener_.addresses.leave(origin_.peer);
  if (session_ && session_->identity) listener_.identities.leave(session_->identity->subject);
  listener_.connections.fetch_sub(1, std::memory_order_relaxed);
  shard_.node.on_closed(closed_now());
}

// Counts and drops what is queued, and the replies that were still waiting for room.
void Connection::abandon_queue() {
  if (reply_line_) {
    const std::uint32_t waiting = reply_line_->ready_count();
    count_offered(Source::kReply, waiting);
    count_discarded(waiting);
    reply_line_.reset();
  }
  if (envelope() != nullptr) abandon_notices();
  const std::uint64_t bytes = channel_.bytes();
  const std::uint32_t frames = channel_.frames();
  std::uint32_t lost = 0;
  if (lost_direct_ != kNotDirect && close_reason_ == CloseReason::kReset) {
    // The frames of this very batch found nobody there.
    lost = frames - (channel_.head_partly_sent() ? 1 : 0);
    lost_direct_ += lost;
    count_dropped(DropReason::kClosing, lost);
  }
  channel_.clear();
  if (TlsSession* const secure = tls()) secure->forget_begun();
  count_discarded(frames - lost);
  shard_.stats.queued_frames -= frames;
  shard_.stats.queued_bytes -= bytes;
  after_queue_change();
}

Connection::ColdStats& Connection::cold() {
  if (!cold_) cold_ = std::make_unique<ColdStats>();
  return *cold_;
}

}  // namespace crier::dataplane
