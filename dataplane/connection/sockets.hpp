#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <optional>
#include <span>

#include "dataplane/client_info.hpp"

namespace crier::dataplane {

// The system calls that a connection makes, so that tests can script them. None of them waits.
class Sockets {
 public:
  Sockets() = default;
  Sockets(const Sockets&) = delete;
  Sockets& operator=(const Sockets&) = delete;
  virtual ~Sockets() = default;

  struct [[nodiscard]] Result {
    std::size_t bytes = 0;
    int error = 0;  // an errno value; then bytes is 0
    [[nodiscard]] bool would_block() const;
  };

  // 0 bytes and no error: the peer sent FIN.
  virtual Result receive(int fd, std::span<char> into) = 0;
  virtual Result send(int fd, std::span<const iovec> from) = 0;

  // A buffer for one socket, and what became of it.
  struct Send {
    int fd = -1;
    iovec from{};
    Result result{};
  };
  // Tries each as send() would, perhaps with fewer system calls. At most kSendsMax.
  static constexpr std::size_t kSendsMax = 256;
  virtual void send_all(std::span<Send> sends);
  virtual void shutdown_send(int fd) = 0;
  virtual void close(int fd) = 0;
  [[nodiscard]] virtual std::optional<TcpInfo> tcp_info(int fd) = 0;

  // Whether send_all() goes through an io_uring. Any thread.
  [[nodiscard]] virtual bool uses_ring() const { return false; }
};

}  // namespace crier::dataplane
