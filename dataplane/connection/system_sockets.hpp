#pragma once

#include "dataplane/connection/sockets.hpp"

namespace crier::dataplane {

// The kernel's sockets, one system call for each call. Any thread.
class SystemSockets : public Sockets {
 public:
  Result receive(int fd, std::span<char> into) override;
  Result send(int fd, std::span<const iovec> from) override;
  void shutdown_send(int fd) override;
  void close(int fd) override;
  [[nodiscard]] std::optional<TcpInfo> tcp_info(int fd) override;
};

}  // namespace crier::dataplane
