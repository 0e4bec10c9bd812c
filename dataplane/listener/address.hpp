#pragma once

#include <sys/socket.h>

#include <optional>
#include <string>
#include <string_view>

namespace crier::dataplane {

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

// Numeric host:port, an IPv6 host in brackets; no names are looked up. Nothing where it is neither.
[[nodiscard]] std::optional<Address> parse_address(std::string_view text);

// What parse_address would accept for the address that `fd` is bound to.
[[nodiscard]] std::string bound_address(int fd);

}  // namespace crier::dataplane
