#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace crier::testing {

// PROXY headers, put together as a proxy does, right or wrong.

inline constexpr std::string_view kProxySignature("\r\n\r\n\0\r\nQUIT\n", 12);

[[nodiscard]] inline std::string big_endian(std::uint16_t value) {
  return {static_cast<char>(value >> 8U), static_cast<char>(value & 0xFFU)};
}

// Version 2; the length is that of `body` unless it is to lie.
[[nodiscard]] inline std::string proxy_v2(std::uint8_t command, std::uint8_t family,
                                          std::string_view body, int length = -1) {
  std::string header(kProxySignature);
  header += static_cast<char>(command);
  header += static_cast<char>(family);
  header += big_endian(static_cast<std::uint16_t>(length < 0 ? body.size() : length));
  return header.append(body);
}

// 192.0.2.1:40000 to 198.51.100.2:8082.
[[nodiscard]] inline std::string ipv4_addresses() {
  return std::string("\xC0\x00\x02\x01\xC6\x33\x64\x02", 8) + big_endian(40'000) + big_endian(8082);
}

// [2001:db8::1]:40000 to [2001:db8::2]:8082.
[[nodiscard]] inline std::string ipv6_addresses() {
  const std::string network = std::string("\x20\x01\x0D\xB8", 4) + std::string(11, '\0');
  return network + '\x01' + network + '\x02' + big_endian(40'000) + big_endian(8082);
}

}  // namespace crier::testing
