#include "dataplane/connection/sockets.hpp"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace crier::dataplane {
namespace {

Sockets::Result to_result(ssize_t n) {
  if (n < 0) return {0, errno};
  return {static_cast<std::size_t>(n), 0};
}

class SystemSockets final : public Sockets {
 public:
  Result receive(int fd, std::span<char> into) override {
    ssize_t n = 0;
    do {
      n = ::recv(fd, into.data(), into.size(), MSG_DONTWAIT);
    } while (n < 0 && errno == EINTR);
    return to_result(n);
  }

  Result send(int fd, std::span<const iovec> from) override {
    ssize_t n = 0;
    do {
      n = send_once(fd, from);
    } while (n < 0 && errno == EINTR);
    return to_result(n);
  }

  void shutdown_send(int fd) override { ::shutdown(fd, SHUT_WR); }

  void close(int fd) override { ::close(fd); }

  std::optional<TcpInfo> tcp_info(int fd) override {
    tcp_info_t raw{};
    socklen_t size = sizeof(raw);
    if (::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &raw, &size) != 0) return std::nullopt;
    TcpInfo info;
    info.rtt = std::chrono::microseconds(raw.tcpi_rtt);
    info.retransmits = raw.tcpi_total_retrans;
    info.unacked_bytes = std::uint64_t{raw.tcpi_unacked} * raw.tcpi_snd_mss;
    info.unsent_bytes = raw.tcpi_notsent_bytes;
    info.acked_bytes = raw.tcpi_bytes_acked;
    return info;
  }

 private:
  using tcp_info_t = struct ::tcp_info;

  static ssize_t send_once(int fd, std::span<const iovec> from) {
    constexpr int kFlags = MSG_DONTWAIT | MSG_NOSIGNAL;
    // One buffer is the usual case, and send costs less than sendmsg.
    if (from.size() == 1) return ::send(fd, from[0].iov_base, from[0].iov_len, kFlags);
    msghdr message{};
    message.msg_iov = const_cast<iovec*>(from.data());
    message.msg_iovlen = from.size();
    return ::sendmsg(fd, &message, kFlags);
  }
};

}  // namespace

void Sockets::send_all(std::span<Send> sends) {
  for (Send& each : sends) each.result = send(each.fd, {&each.from, 1});
}

bool Sockets::Result::would_block() const {
  return error == EAGAIN || error == EWOULDBLOCK;
}

Sockets& system_sockets() {
  static SystemSockets sockets;
  return sockets;
}

}  // namespace crier::dataplane
