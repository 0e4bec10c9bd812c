#include "dataplane/shard/lobby.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>
#include <utility>

#include "dataplane/proxy/header.hpp"

namespace crier::dataplane {
namespace {

ssize_t receive(int fd, char* into, std::size_t bytes, int flags) {
  ssize_t n = 0;
  do {
    n = ::recv(fd, into, bytes, flags | MSG_DONTWAIT);
  } while (n < 0 && errno == EINTR);
  return n;
}

}  // namespace

void Lobby::add(ListenerContext& listener, AcceptedSocket socket, Time now) {
  Guest guest{&listener, std::move(socket), now + listener.config.handshake_timeout};
  // Proxies send it at once, so usually it is here.
  if (look(guest, false)) return;
  const std::uint64_t token = next_++;
  if (!poller_.add(guest.socket.fd.get(), token)) {
    turn_away(guest, RejectReason::kProxyIncomplete);
    return;
  }
  soonest_ = std::min(soonest_, guest.deadline);
  guests_.emplace(token, std::move(guest));
}

void Lobby::on_event(const Poller::Event& event) {
  const auto found = guests_.find(event.token);
  if (found != guests_.end() && look(found->second, event.finished)) guests_.erase(found);
}

bool Lobby::look(Guest& guest, bool finished) {
  std::array<char, kProxyHeaderBytesMax> bytes;
  const int fd = guest.socket.fd.get();
  const ssize_t there = receive(fd, bytes.data(), bytes.size(), MSG_PEEK);
  if (there < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return false;
  if (there <= 0) {
    turn_away(guest, RejectReason::kProxyIncomplete);
    return true;
  }
  const ProxyHeader header = parse_proxy_header({bytes.data(), static_cast<std::size_t>(there)});
  if (header.status == ProxyHeader::Status::kMalformed) {
    turn_away(guest, RejectReason::kProxyMalformed);
    return true;
  }
  if (header.status == ProxyHeader::Status::kNeedMore) {
    if (finished) turn_away(guest, RejectReason::kProxyIncomplete);
    return finished;
  }
  const ssize_t taken = receive(fd, bytes.data(), header.bytes, 0);
  if (taken < 0 || static_cast<std::size_t>(taken) != header.bytes) {
    turn_away(guest, RejectReason::kProxyIncomplete);
    return true;
  }
  guest.socket.peer = header.source.value_or(guest.socket.peer);
  guest.listener->handshaking.fetch_sub(1, std::memory_order_relaxed);
  callbacks_.come_in(*guest.listener, std::move(guest.socket));
  return true;
}

void Lobby::turn_away(Guest& guest, RejectReason reason) {
  guest.socket.fd.reset();
  ListenerContext& listener = *guest.listener;
  listener.connections.fetch_sub(1, std::memory_order_relaxed);
  listener.handshaking.fetch_sub(1, std::memory_order_relaxed);
  listener.reject(guest.socket.peer, reason);
  callbacks_.gone();
}

void Lobby::expire(Time now) {
  if (soonest_ > now) return;
  soonest_ = kNever;
  for (auto guest = guests_.begin(); guest != guests_.end();) {
    if (guest->second.deadline <= now) {
      turn_away(guest->second, RejectReason::kProxyIncomplete);
      guest = guests_.erase(guest);
    } else {
      soonest_ = std::min(soonest_, guest->second.deadline);
      ++guest;
    }
  }
}

void Lobby::clear() {
  for (auto& [token, guest] : guests_) turn_away(guest, RejectReason::kStopping);
  guests_.clear();
  soonest_ = kNever;
}

}  // namespace crier::dataplane
