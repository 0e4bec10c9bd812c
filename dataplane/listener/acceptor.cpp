#include "dataplane/listener/acceptor.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "dataplane/listener/address.hpp"
#include "dataplane/listener/listen_socket.hpp"

namespace crier::dataplane {
namespace {

FileDescriptor open_spare() {
  return FileDescriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}

AcceptError to_accept_error(int error) {
  switch (error) {
    case EMFILE:
      return AcceptError::kEmfile;
    case ENFILE:
      return AcceptError::kEnfile;
    case ENOMEM:
    case ENOBUFS:
      return AcceptError::kEnomem;
    case ECONNABORTED:
      return AcceptError::kAborted;
    default:
      return AcceptError::kOther;
  }
}

AcceptedSocket accept_one(int listening) {
  sockaddr_storage peer{};
  socklen_t size = sizeof(peer);
  FileDescriptor fd(::accept4(listening, reinterpret_cast<sockaddr*>(&peer), &size,
                              SOCK_NONBLOCK | SOCK_CLOEXEC));
  return {std::move(fd), PeerAddress(peer)};
}

}  // namespace

Acceptor::Acceptor(asio::io_context& context, ListenerContext& listener, AcceptStats& stats,
                   Obstacle obstacle, Deliver deliver)
    : listener_(listener),
      stats_(stats),
      node_obstacle_(std::move(obstacle)),
      deliver_(std::move(deliver)),
      socket_(context),
      pause_timer_(context),
      spare_(open_spare()) {
  socket_.assign(open_listen_socket(listener.config).release());
  if (listener.config.accept_rate > 0) rate_.emplace(listener.config.accept_rate);
  address_ = bound_address(socket_.native_handle());
}

void Acceptor::wait() {
  socket_.async_wait(asio::posix::stream_descriptor::wait_read, [this](asio::error_code ec) {
    if (!ec) accept_ready();
  });
}

// One batch for each readiness event: other events get their turn before the next.
void Acceptor::accept_ready() {
  if (!socket_.is_open()) return;
  switch (accept_batch()) {
    case Outcome::kOutOfFiles:
      pause();
      break;
    case Outcome::kTooFast:
      pause_for_rate();
      break;
    case Outcome::kBatchFull:
    case Outcome::kEmpty:
      wait();
      break;
  }
}

Acceptor::Outcome Acceptor::accept_batch() {
  std::vector<AcceptedSocket> batch;
  Outcome outcome = Outcome::kBatchFull;
  for (std::size_t i = 0; i < kBatchMax && outcome == Outcome::kBatchFull; ++i) {
    if (too_fast()) {
      outcome = Outcome::kTooFast;
      break;
    }
    AcceptedSocket accepted = accept_one(socket_.native_handle());
    if (!accepted.fd.valid()) {
      outcome = on_error(errno);
      continue;
    }
    if (rate_) rate_->take(1, TokenBucket::Clock::now());
    if (admit_one(accepted.peer)) {
      batch.push_back(std::move(accepted));
      next_pause_ = kPauseMin;
    }
  }
  if (!batch.empty()) deliver_(std::move(batch));
  return outcome;
}

// Whoever is in the backlog when the listener closes is taken all the same.
bool Acceptor::too_fast() const {
  return rate_ && !stopping_ && rate_->available(TokenBucket::Clock::now()) == 0;
}

// Counts it in, or turns it away.
bool Acceptor::admit_one(const PeerAddress& peer) {
  if (listener_.proxied() && !listener_.proxies.contains(peer)) {
    listener_.reject(peer, RejectReason::kProxyUntrusted);
    return false;
  }
  listener_.connections.fetch_add(1, std::memory_order_relaxed);
  const auto reason = obstacle();
  if (!reason) return true;
  listener_.connections.fetch_sub(1, std::memory_order_relaxed);
  listener_.reject(peer, *reason);
  return false;
}

// Why there is no room for one more, which is counted in the listener already.
std::optional<RejectReason> Acceptor::obstacle() {
  const std::uint32_t limit = listener_.config.max_connections;
  if (limit > 0 && listener_.connections.load(std::memory_order_relaxed) > limit) {
    return RejectReason::kMaxConnections;
  }
  if (listener_.has_handshake() &&
      listener_.handshaking.fetch_add(1, std::memory_order_relaxed) >= listener_.handshaking_max) {
    listener_.handshaking.fetch_sub(1, std::memory_order_relaxed);
    return RejectReason::kHandshakeFull;
  }
  const auto reason = node_obstacle_();
  if (reason && listener_.has_handshake()) {
    listener_.handshaking.fetch_sub(1, std::memory_order_relaxed);
  }
  return reason;
}

Acceptor::Outcome Acceptor::on_error(int error) {
  if (error == EAGAIN || error == EWOULDBLOCK) return Outcome::kEmpty;
  stats_.errors[static_cast<std::size_t>(to_accept_error(error))].fetch_add(
      1, std::memory_order_relaxed);
  switch (error) {
    case EMFILE:
    case ENFILE:
      turn_one_away();
      return Outcome::kOutOfFiles;
    case ENOMEM:
    case ENOBUFS:
      return Outcome::kOutOfFiles;
    default:
      return Outcome::kBatchFull;  // that one client failed; go on with the next
  }
}

// Otherwise the first in the backlog would wait for an answer that does not come.
void Acceptor::turn_one_away() {
  spare_.reset();
  AcceptedSocket refused = accept_one(socket_.native_handle());
  if (refused.fd.valid()) listener_.reject(refused.peer, RejectReason::kOpenFiles);
  refused.fd.reset();
  spare_ = open_spare();
}

void Acceptor::pause() {
  const auto pause = next_pause_;
  next_pause_ = std::min(2 * next_pause_, kPauseMax);
  pause_for(pause, stats_.paused_ms);
}

// Until it may go on, and not for so short that a timer goes off for every client.
void Acceptor::pause_for_rate() {
  const auto pause = rate_->ready_at() - TokenBucket::Clock::now();
  pause_for(std::max(pause, TokenBucket::Duration(kPauseMin)), stats_.rate_limited_ms);
}

void Acceptor::pause_for(std::chrono::nanoseconds pause, std::atomic<std::uint64_t>& counted_ms) {
  pause_timer_.expires_after(pause);
  pause_timer_.async_wait([this, pause, &counted_ms](asio::error_code ec) {
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(pause);
    counted_ms.fetch_add(static_cast<std::uint64_t>(ms.count()), std::memory_order_relaxed);
    if (!ec) accept_ready();
  });
}

void Acceptor::stop() {
  if (!socket_.is_open()) return;
  stopping_ = true;
  for (int i = 0; i < kBacklogBatchesMax && accept_batch() == Outcome::kBatchFull; ++i) {
  }
  asio::error_code ignored;
  pause_timer_.cancel();
  socket_.close(ignored);
  spare_.reset();
}

}  // namespace crier::dataplane
