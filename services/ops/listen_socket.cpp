#include "services/ops/listen_socket.hpp"

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <system_error>
#include <utility>

namespace crier::services::ops {
namespace {

using AddressList = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

[[noreturn]] void fail(const std::string& address, int error) {
  std::string what = "cannot listen on " + address;
  if (error == EADDRINUSE) what += " (does another process listen there?)";
  throw std::system_error(error, std::generic_category(), what);
}

AddressList resolve(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  if (colon == std::string::npos) fail(address, EINVAL);
  std::string host = address.substr(0, colon);
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), address.c_str() + colon + 1, &hints, &found) != 0) {
    fail(address, EINVAL);
  }
  return {found, &freeaddrinfo};
}

std::string bound_address(int fd) {
  sockaddr_storage storage{};
  socklen_t size = sizeof(storage);
  std::array<char, NI_MAXHOST> host{};
  std::array<char, NI_MAXSERV> port{};
  auto* address = reinterpret_cast<sockaddr*>(&storage);
  if (getsockname(fd, address, &size) != 0 ||
      getnameinfo(address, size, host.data(), host.size(), port.data(), port.size(),
                  NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
    return {};
  }
  const std::string text = host.data();
  return (storage.ss_family == AF_INET6 ? "[" + text + "]" : text) + ":" + port.data();
}

}  // namespace

ListenSocket::ListenSocket(const std::string& address, int backlog) {
  const AddressList resolved = resolve(address);
  fd_ = socket(resolved->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  // Lets a restart bind beside connections in TIME_WAIT; a socket that listens still conflicts.
  const int on = 1;
  if (fd_ < 0 || setsockopt(fd_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
      bind(fd_, resolved->ai_addr, resolved->ai_addrlen) != 0 || listen(fd_, backlog) != 0) {
    const int error = errno;
    if (fd_ >= 0) close(fd_);
    fail(address, error);
  }
  address_ = bound_address(fd_);
}

ListenSocket::~ListenSocket() {
  if (fd_ >= 0) close(fd_);
}

int ListenSocket::release() {
  return std::exchange(fd_, -1);
}

}  // namespace crier::services::ops
