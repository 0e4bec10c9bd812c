#include "services/config/address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <charconv>
#include <system_error>

namespace crier::services::config {

std::optional<Address> parse_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) {
    return std::nullopt;
  }
  std::string_view host = text.substr(0, colon);
  const std::string_view port_text = text.substr(colon + 1);
  Address address;
  const auto [end, ec] =
      std::from_chars(port_text.data(), port_text.data() + port_text.size(), address.port);
  if (ec != std::errc{} || end != port_text.data() + port_text.size()) {
    return std::nullopt;
  }
  const bool bracketed = host.size() >= 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) {
    host = host.substr(1, host.size() - 2);
  }
  address.host = host;
  if (address.host.find('\0') != std::string::npos) {
    return std::nullopt;  // inet_pton() would stop reading there
  }
  in6_addr binary{};
  if (inet_pton(bracketed ? AF_INET6 : AF_INET, address.host.c_str(), &binary) != 1) {
    return std::nullopt;
  }
  return address;
}

bool is_loopback(const Address& address) {
  constexpr std::uint8_t kLoopbackNet = 127;
  in_addr v4{};
  if (inet_pton(AF_INET, address.host.c_str(), &v4) == 1) {
    return ntohl(v4.s_addr) >> 24U == kLoopbackNet;
  }
  in6_addr v6{};
  if (inet_pton(AF_INET6, address.host.c_str(), &v6) != 1) {
    return false;
  }
  constexpr std::size_t kFirstV4Byte = 12;
  return IN6_IS_ADDR_LOOPBACK(&v6) ||
         (IN6_IS_ADDR_V4MAPPED(&v6) && v6.s6_addr[kFirstV4Byte] == kLoopbackNet);
}

}  // namespace crier::services::config
