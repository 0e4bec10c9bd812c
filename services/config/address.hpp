#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace crier::services::config {

// A numeric "host:port" or "[v6]:port", taken apart. Names are not resolved: what a process binds
// must not depend on a name server.
struct Address {
  std::string host;  // without brackets
  std::uint16_t port = 0;
};

[[nodiscard]] std::optional<Address> parse_address(std::string_view text);

// Whether only this machine can reach it: 127.0.0.0/8, also as ::ffff:127.0.0.0/104, or ::1.
[[nodiscard]] bool is_loopback(const Address& address);

}  // namespace crier::services::config
