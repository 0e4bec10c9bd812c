#include "dataplane/proxy/networks.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <string>

namespace crier::dataplane {
namespace {

constexpr unsigned kIpv4Bits = 32;
constexpr unsigned kIpv6Bits = 128;

std::optional<PeerAddress> parse_ip(std::string_view text) {
  const std::string host(text);
  if (host.find('\0') != std::string::npos) return std::nullopt;  // inet_pton would stop there
  std::array<std::uint8_t, 4> ipv4{};
  if (::inet_pton(AF_INET, host.c_str(), ipv4.data()) == 1) return PeerAddress(ipv4, 0);
  std::array<std::uint8_t, 16> ipv6{};
  if (::inet_pton(AF_INET6, host.c_str(), ipv6.data()) != 1) return std::nullopt;
  const PeerAddress address(ipv6, 0);
  // Its prefix would mean something else than it says.
  if (address.is_ipv4()) return std::nullopt;
  return address;
}

std::optional<unsigned> parse_prefix(std::string_view text, unsigned most) {
  unsigned bits = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits);
  const bool leading_zero = text.size() > 1 && text.front() == '0';
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole && !leading_zero && bits <= most ? std::optional(bits) : std::nullopt;
}

bool bit(const std::array<std::uint8_t, 16>& ip, unsigned at) {
  return (ip[at / 8] >> (7 - at % 8) & 1U) != 0;
}

}  // namespace

std::optional<Networks> Networks::parse(std::string_view text) {
  Networks networks;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const auto network = parse_one(text.substr(0, comma));
    const bool nothing_follows = comma + 1 == text.size();
    if (!network || nothing_follows) return std::nullopt;
    networks.networks_.push_back(*network);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return networks;
}

std::optional<Networks::Network> Networks::parse_one(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto address = parse_ip(text.substr(0, slash));
  if (!address) return std::nullopt;
  const unsigned most = address->is_ipv4() ? kIpv4Bits : kIpv6Bits;
  unsigned bits = most;
  if (slash != std::string_view::npos) {
    const auto prefix = parse_prefix(text.substr(slash + 1), most);
    if (!prefix) return std::nullopt;
    bits = *prefix;
  }
  const Network network{address->ip(), kIpv6Bits - most + bits, address->is_ipv4()};
  for (unsigned at = network.bits; at < kIpv6Bits; ++at) {
    if (bit(network.ip, at)) return std::nullopt;
  }
  return network;
}

bool Networks::contains(const PeerAddress& address) const {
  return std::any_of(networks_.begin(), networks_.end(), [&](const Network& network) {
    if (network.ipv4 != address.is_ipv4()) return false;
    for (unsigned at = 0; at < network.bits; ++at) {
      if (bit(network.ip, at) != bit(address.ip(), at)) return false;
    }
    return true;
  });
}

}  // namespace crier::dataplane
