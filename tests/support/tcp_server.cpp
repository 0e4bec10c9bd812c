#include "tests/support/tcp_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

#include "tests/support/deadline.hpp"

namespace crier::testing {
namespace {

void require(bool condition, const char* what) {
  if (!condition) throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

TcpServer::TcpServer() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
  require(fd_ >= 0, "socket");
  sockaddr_in any_port{};
  any_port.sin_family = AF_INET;
  any_port.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const auto* name = reinterpret_cast<const sockaddr*>(&any_port);
  require(::bind(fd_, name, sizeof(any_port)) == 0, "bind");
  require(::listen(fd_, SOMAXCONN) == 0, "listen");
}

TcpServer::~TcpServer() {
  ::close(fd_);
}

std::string TcpServer::address() const {
  sockaddr_in self{};
  socklen_t size = sizeof(self);
  ::getsockname(fd_, reinterpret_cast<sockaddr*>(&self), &size);
  return "127.0.0.1:" + std::to_string(ntohs(self.sin_port));
}

std::unique_ptr<TcpClient> TcpServer::accept() {
  const Deadline deadline;
  while (!deadline.passed()) {
    pollfd waited{fd_, POLLIN, 0};
    if (::poll(&waited, 1, deadline.left_ms()) <= 0) continue;
    const int fd = ::accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd >= 0) return std::make_unique<TcpClient>(fd);
    require(errno == EAGAIN || errno == ECONNABORTED, "accept");
  }
  throw std::runtime_error("nobody connected");
}

}  // namespace crier::testing
