#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "services/bus/redis/options.hpp"

namespace crier::services::config {

// redis://HOST:PORT,HOST:PORT/DATABASE, taken apart; rediss:// is the same over TLS. A HOST is a
// name, an IPv4 address or an IPv6 address in brackets. Nothing is resolved.
struct BusUrl {
  bool tls = false;
  std::vector<bus::redis::Endpoint> endpoints;  // at least one
  std::uint32_t database = 0;
};

struct BusUrlError {
  std::string reason;  // quotes nothing that may be a password
};

// A port that is left out is `default_port`. Users and passwords are refused: URLs end up in logs.
[[nodiscard]] std::variant<BusUrl, BusUrlError> parse_bus_url(std::string_view url,
                                                              std::uint16_t default_port);

// The port that goes without saying.
[[nodiscard]] std::uint16_t default_bus_port(bool sentinel);

}  // namespace crier::services::config
