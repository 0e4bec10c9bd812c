#include "dataplane/handshake/proxy_step.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <string_view>

#include "dataplane/proxy/header.hpp"

namespace crier::dataplane {
namespace {

using Status = ProxyStep::Status;

ssize_t receive(int fd, char* into, std::size_t bytes, int flags) {
  ssize_t n = 0;
  do {
    n = ::recv(fd, into, bytes, flags | MSG_DONTWAIT);
  } while (n < 0 && errno == EINTR);
  return n;
}

}  // namespace

ProxyStep take_proxy_header(int fd) {
  std::array<char, kProxyHeaderBytesMax> bytes;
  const ssize_t there = receive(fd, bytes.data(), bytes.size(), MSG_PEEK);
  if (there < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return {Status::kWaiting, {}};
  if (there <= 0) return {Status::kClosed, {}};
  const ProxyHeader header = parse_proxy_header({bytes.data(), static_cast<std::size_t>(there)});
  switch (header.status) {
    case ProxyHeader::Status::kMalformed:
      return {Status::kMalformed, {}};
    case ProxyHeader::Status::kNeedMore:
      return {Status::kWaiting, {}};
    default:
      break;
  }
  const ssize_t taken = receive(fd, bytes.data(), header.bytes, 0);
  const bool whole = taken >= 0 && static_cast<std::size_t>(taken) == header.bytes;
  return whole ? ProxyStep{Status::kDone, header.source} : ProxyStep{Status::kClosed, {}};
}

}  // namespace crier::dataplane
