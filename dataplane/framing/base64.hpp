#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace crier::dataplane {

// Base64 with padding, on one line. Source: RFC 4648, section 4.

[[nodiscard]] constexpr std::size_t base64_bytes(std::size_t bytes) {
  return (bytes + 2) / 3 * 4;
}
void append_base64(std::string& out, std::string_view bytes);
// Appends the bytes; false, and `out` holds anything, where `text` is not what append_base64()
// would have made of them.
[[nodiscard]] bool append_from_base64(std::string& out, std::string_view text);

}  // namespace crier::dataplane
