#pragma once

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <string>

namespace crier::dataplane {

// Where a client connects from, in the 20 bytes that this takes.
class PeerAddress {
 public:
  PeerAddress() = default;
  explicit PeerAddress(const sockaddr_storage& address);
  // The bytes as they go over the wire, most significant first.
  PeerAddress(const std::array<std::uint8_t, 4>& ipv4, std::uint16_t port);
  PeerAddress(const std::array<std::uint8_t, 16>& ipv6, std::uint16_t port)
      : ip_(ipv6), port_(port) {}

  // Also of an IPv4 client of an IPv6 listener.
  [[nodiscard]] bool is_ipv4() const;
  // IPv4 as ::ffff:a.b.c.d.
  [[nodiscard]] const std::array<std::uint8_t, 16>& ip() const { return ip_; }

  // 192.0.2.1:40000 or [2001:db8::1]:40000; an IPv4 client of an IPv6 listener looks like IPv4.
  [[nodiscard]] std::string text() const;

  bool operator==(const PeerAddress&) const = default;

 private:
  std::array<std::uint8_t, 16> ip_{};  // IPv4 as ::ffff:a.b.c.d
  std::uint16_t port_ = 0;
};

}  // namespace crier::dataplane
