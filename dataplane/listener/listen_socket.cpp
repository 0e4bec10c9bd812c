#include "dataplane/listener/listen_socket.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <stdexcept>
#include <string>
#include <system_error>

#include "dataplane/listener/address.hpp"

namespace crier::dataplane {
namespace {

// The kernel caps it at net.core.somaxconn.
constexpr int kBacklog = 65'535;
// A peer that vanished is noticed after so long: by probes, or where the kernel has bytes for it,
// for which it sends none, by their not being acknowledged.
constexpr int kKeepaliveIdleSeconds = 60;
constexpr int kKeepaliveIntervalSeconds = 15;
constexpr int kKeepaliveProbes = 4;
constexpr std::chrono::seconds kVanishedAfter{kKeepaliveIdleSeconds +
                                              kKeepaliveProbes * kKeepaliveIntervalSeconds};

[[noreturn]] void fail(const ListenerConfig& config, const std::string& what) {
  throw std::runtime_error("listener '" + config.name + "': " + what + " " + config.address + ": " +
                           std::generic_category().message(errno));
}

void set_option(int fd, int level, int option, int value, const ListenerConfig& config) {
  if (::setsockopt(fd, level, option, &value, sizeof(value)) != 0) {
    fail(config, "cannot set a socket option for");
  }
}

}  // namespace

FileDescriptor open_listen_socket(const ListenerConfig& config) {
  const auto address = parse_address(config.address);
  if (!address) throw std::runtime_error("listener '" + config.name + "': bad address");
  FileDescriptor fd(
      ::socket(address->storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd.valid()) fail(config, "cannot open a socket for");
  set_option(fd.get(), SOL_SOCKET, SO_REUSEADDR, 1, config);
  set_option(fd.get(), IPPROTO_TCP, TCP_NODELAY, 1, config);
  set_option(fd.get(), SOL_SOCKET, SO_KEEPALIVE, 1, config);
  set_option(fd.get(), IPPROTO_TCP, TCP_KEEPIDLE, kKeepaliveIdleSeconds, config);
  set_option(fd.get(), IPPROTO_TCP, TCP_KEEPINTVL, kKeepaliveIntervalSeconds, config);
  set_option(fd.get(), IPPROTO_TCP, TCP_KEEPCNT, kKeepaliveProbes, config);
  // The kernel would also count a client that reads nothing, which write_stall may allow for
  // longer.
  if (config.write_stall <= kVanishedAfter) {
    constexpr auto kMilliseconds = std::chrono::milliseconds(kVanishedAfter).count();
    set_option(fd.get(), IPPROTO_TCP, TCP_USER_TIMEOUT, static_cast<int>(kMilliseconds), config);
  }
  if (config.send_buffer_bytes > 0) {
    set_option(fd.get(), SOL_SOCKET, SO_SNDBUF, static_cast<int>(config.send_buffer_bytes), config);
  }
  const auto* raw = reinterpret_cast<const sockaddr*>(&address->storage);
  if (::bind(fd.get(), raw, address->size) != 0) fail(config, "cannot bind");
  if (::listen(fd.get(), kBacklog) != 0) fail(config, "cannot listen on");
  return fd;
}

}  // namespace crier::dataplane
