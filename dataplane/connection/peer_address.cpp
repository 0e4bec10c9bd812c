#include "dataplane/connection/peer_address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>

namespace crier::dataplane {
namespace {

constexpr std::array<std::uint8_t, 12> kMappedPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

}  // namespace

PeerAddress::PeerAddress(const sockaddr_storage& address) {
  if (address.ss_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof(v4));
    std::copy(kMappedPrefix.begin(), kMappedPrefix.end(), ip_.begin());
    std::memcpy(ip_.data() + kMappedPrefix.size(), &v4.sin_addr, 4);
    port_ = ntohs(v4.sin_port);
  } else if (address.ss_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, &address, sizeof(v6));
    std::memcpy(ip_.data(), &v6.sin6_addr, ip_.size());
    port_ = ntohs(v6.sin6_port);
  }
}

PeerAddress::PeerAddress(const std::array<std::uint8_t, 4>& ipv4, std::uint16_t port)
    : port_(port) {
  std::copy(kMappedPrefix.begin(), kMappedPrefix.end(), ip_.begin());
  std::copy(ipv4.begin(), ipv4.end(), ip_.begin() + kMappedPrefix.size());
}

bool PeerAddress::is_ipv4() const {
  return std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), ip_.begin());
}

std::string PeerAddress::text() const {
  char buffer[INET6_ADDRSTRLEN] = {};
  if (is_ipv4()) {
    ::inet_ntop(AF_INET, ip_.data() + kMappedPrefix.size(), buffer, sizeof(buffer));
    return std::string(buffer) + ":" + std::to_string(port_);
  }
  ::inet_ntop(AF_INET6, ip_.data(), buffer, sizeof(buffer));
  return "[" + std::string(buffer) + "]:" + std::to_string(port_);
}

}  // namespace crier::dataplane
