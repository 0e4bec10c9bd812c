#include "dataplane/connection/system_sockets.hpp"

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

ssize_t send_once(int fd, std::span<const iovec> from) {
  constexpr int kFlags = MSG_DONTWAIT | MSG_NOSIGNAL;
  // One buffer is the usual case, and send costs less than sendmsg.
  if (from.size() == 1) return ::send(fd, from[0].iov_base, from[0].iov_len, kFlags);
  msghdr message{};
  message.msg_iov = const_cast<iovec*>(from.data());
  message.msg_iovlen = from.size();
  return ::sendmsg(fd, &message, kFlags);
}

}  // namespace

Sockets::Result SystemSockets::receive(int fd, std::span<char> into) {
  ssize_t n = 0;
  do {
    n = ::recv(fd, into.data(), into.size(), MSG_DONTWAIT);
  } while (n < 0 && errno == EINTR);
  return to_result(n);
}

Sockets::Result SystemSockets::send(int fd, std::span<const iovec> from) {
  ssize_t n = 0;
  do {
    n = send_once(fd, from);
  } while (n < 0 && errno == EINTR);
  return to_result(n);
}

void SystemSockets::shutdown_send(int fd) {
  ::shutdown(fd, SHUT_WR);
}

void SystemSockets::close(int fd) {
  ::close(fd);
}

std::optional<TcpInfo> SystemSockets::tcp_info(int fd) {
  struct ::tcp_info raw{};
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

}  // namespace crier::dataplane
