#pragma once

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "dataplane/connection/sockets.hpp"

namespace crier::testing {

// Sockets whose other end is a script: how much each send takes (0 is EAGAIN), what is there to
// read, when it breaks. Counts the calls.
class ScriptedSockets final : public dataplane::Sockets {
 public:
  struct Peer {
    // What the kernel would still take; a send takes at most this.
    std::size_t window = kUnlimited;
    // Upper bounds for the next sends, in turn; then the window alone decides.
    std::deque<std::size_t> takes;
    int broken = 0;  // errno of every further call
    std::uint64_t breaks_after_sends = UINT64_MAX;
    std::string to_read;   // what the client has sent and we have not received
    bool fin = false;      // behind to_read
    std::string received;  // what the client has got
    bool saw_fin = false;  // ours
    bool closed = false;
    std::uint64_t send_calls = 0;
    std::uint64_t consumed_bytes = 0;  // of to_read
  };
  static constexpr std::size_t kUnlimited = SIZE_MAX;

  Peer& operator[](int fd) { return peers_[fd]; }

  Result receive(int fd, std::span<char> into) override {
    Peer& peer = peers_[fd];
    if (peer.broken != 0) return {0, peer.broken};
    if (peer.to_read.empty()) return peer.fin ? Result{} : Result{0, EAGAIN};
    const std::size_t n = std::min(into.size(), peer.to_read.size());
    std::copy_n(peer.to_read.begin(), n, into.begin());
    peer.to_read.erase(0, n);
    peer.consumed_bytes += n;
    return {n, 0};
  }

  Result send(int fd, std::span<const iovec> from) override {
    Peer& peer = peers_[fd];
    if (++peer.send_calls > peer.breaks_after_sends) peer.broken = EPIPE;
    if (peer.broken != 0) return {0, peer.broken};
    std::size_t room = peer.window;
    if (!peer.takes.empty()) {
      room = std::min(room, peer.takes.front());
      peer.takes.pop_front();
    }
    if (room == 0) return {0, EAGAIN};
    std::size_t taken = 0;
    for (const iovec& part : from) {
      const std::size_t n = std::min(part.iov_len, room - taken);
      peer.received.append(static_cast<const char*>(part.iov_base), n);
      taken += n;
      if (n < part.iov_len) break;
    }
    if (peer.window != kUnlimited) peer.window -= taken;
    return {taken, 0};
  }

  void shutdown_send(int fd) override { peers_[fd].saw_fin = true; }
  void close(int fd) override { peers_[fd].closed = true; }
  std::optional<dataplane::TcpInfo> tcp_info(int) override { return dataplane::TcpInfo{}; }

 private:
  std::map<int, Peer> peers_;
};

}  // namespace crier::testing
