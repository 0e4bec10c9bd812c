#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "dataplane/connection/peer_address.hpp"

namespace crier::dataplane {

// A set of addresses, in CIDR notation: 10.0.0.0/8, 2001:db8::/32, or one address alone. An IPv6
// network holds no IPv4 address, however wide it is. Constant; any thread.
class Networks {
 public:
  Networks() = default;  // empty: contains nothing

  // Separated by commas. Nothing where one of them is no network, or has bits below its prefix.
  [[nodiscard]] static std::optional<Networks> parse(std::string_view text);

  [[nodiscard]] bool empty() const { return networks_.empty(); }
  [[nodiscard]] bool contains(const PeerAddress& address) const;

 private:
  struct Network {
    std::array<std::uint8_t, 16> ip{};
    unsigned bits = 0;  // that count, of all 128
    bool ipv4 = false;
  };
  [[nodiscard]] static std::optional<Network> parse_one(std::string_view text);

  std::vector<Network> networks_;
};

}  // namespace crier::dataplane
