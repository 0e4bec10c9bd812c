#include "services/control/listen_address.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string_view>

namespace crier::services::control {
namespace {

[[noreturn]] void refuse(const std::string& text, const std::string& why) {
  throw std::runtime_error("the control API cannot listen on " + text + ": " + why);
}

ListenAddress split(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  ListenAddress address;
  if (colon == std::string::npos || colon == 0) refuse(text, "it is not host:port");
  address.host = text.substr(0, colon);
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data() + colon + 1, end, address.port);
  if (error != std::errc() || rest != end) refuse(text, "its port is not a number up to 65535");
  return address;
}

using AddressInfo = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

AddressInfo resolve(const std::string& text, const ListenAddress& address) {
  std::string host = address.host;
  if (host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), std::to_string(address.port).c_str(), &hints, &found) != 0) {
    refuse(text, "its host is not a numeric address");
  }
  return {found, freeaddrinfo};
}

}  // namespace

Listening open_listener(const std::string& text) {
  Listening listening{split(text)};
  const AddressInfo info = resolve(text, listening.address);
  const int fd = socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) refuse(text, std::strerror(errno));
  // Connections of an earlier run in TIME_WAIT do not matter.
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  auto* address = reinterpret_cast<sockaddr*>(&bound);
  if (bind(fd, info->ai_addr, info->ai_addrlen) != 0 || listen(fd, SOMAXCONN) != 0 ||
      getsockname(fd, address, &size) != 0) {
    const int error = errno;
    close(fd);
    refuse(text, std::strerror(error));
  }
  // Of either family the port is where that of the other is.
  listening.address.port = ntohs(reinterpret_cast<const sockaddr_in*>(address)->sin_port);
  listening.fd = fd;
  return listening;
}

}  // namespace crier::services::control
