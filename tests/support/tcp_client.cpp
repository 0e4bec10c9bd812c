#include "tests/support/tcp_client.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "tests/support/deadline.hpp"

namespace crier::testing {
namespace {

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

TcpClient::TcpClient(Options options)
    : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
  if (fd_ < 0) fail("socket");
  const int one = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
  if (options.receive_buffer_bytes > 0) {
    const int bytes = options.receive_buffer_bytes;
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
  }
}

TcpClient::~TcpClient() {
  close();
}

void TcpClient::connect(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(std::stoi(address.substr(colon + 1))));
  if (::inet_pton(AF_INET, address.substr(0, colon).c_str(), &to.sin_addr) != 1) fail("address");
  if (::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof(to)) == 0) return;
  if (errno != EINPROGRESS) fail("connect");
  wait_for(POLLOUT);
  int error = 0;
  socklen_t size = sizeof(error);
  ::getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size);
  errno = error;
  if (error != 0) fail("connect");
}

void TcpClient::wait_for(short events) const {
  pollfd waited{fd_, events, 0};
  const Deadline deadline;
  for (;;) {
    const int ready = ::poll(&waited, 1, deadline.left_ms());
    if (ready > 0) return;
    if (ready < 0 && errno != EINTR) fail("poll");
    if (deadline.passed()) {
      throw std::runtime_error(
          "nothing came in time; held so far: " + std::to_string(buffer_.size()) + " bytes");
    }
  }
}

std::size_t TcpClient::send_some(std::string_view bytes) {
  const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (sent >= 0) return static_cast<std::size_t>(sent);
  if (errno != EAGAIN) fail("send");
  return 0;
}

void TcpClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t sent = send_some(bytes);
    bytes.remove_prefix(sent);
    if (sent == 0) wait_for(POLLOUT);
  }
}

bool TcpClient::receive() {
  std::array<char, 65536> chunk;
  for (;;) {
    const ssize_t got = ::recv(fd_, chunk.data(), chunk.size(), 0);
    if (got >= 0) {
      buffer_.append(chunk.data(), static_cast<std::size_t>(got));
      ended_ = got == 0;
      return !ended_;
    }
    if (errno != EAGAIN && errno != EINTR) fail("recv");
    wait_for(POLLIN);
  }
}

std::string TcpClient::read(std::size_t bytes) {
  while (buffer_.size() < bytes && receive()) {
  }
  std::string out = buffer_.substr(0, bytes);
  buffer_.erase(0, out.size());
  return out;
}

std::string TcpClient::read_line() {
  std::size_t end = 0;
  while ((end = buffer_.find('\n')) == std::string::npos && receive()) {
  }
  return read(end == std::string::npos ? buffer_.size() : end + 1);
}

std::string TcpClient::read_to_end() {
  while (receive()) {
  }
  return std::exchange(buffer_, {});
}

std::string TcpClient::read_to_any_end() {
  try {
    while (receive()) {
    }
  } catch (const std::system_error&) {
    // A reset is an end, too.
  }
  return std::exchange(buffer_, {});
}

std::string TcpClient::read_available() {
  pollfd now{fd_, POLLIN, 0};
  while (::poll(&now, 1, 0) > 0 && receive()) {
  }
  return std::exchange(buffer_, {});
}

void TcpClient::finish() {
  ::shutdown(fd_, SHUT_WR);
}

void TcpClient::reset() {
  const linger hard{1, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
  close();
}

void TcpClient::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

std::string TcpClient::local_address() const {
  sockaddr_in self{};
  socklen_t size = sizeof(self);
  ::getsockname(fd_, reinterpret_cast<sockaddr*>(&self), &size);
  std::array<char, INET_ADDRSTRLEN> text{};
  ::inet_ntop(AF_INET, &self.sin_addr, text.data(), text.size());
  return std::string(text.data()) + ":" + std::to_string(ntohs(self.sin_port));
}

}  // namespace crier::testing
