#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "services/credentials/keys.hpp"

namespace crier::services::credentials {

// The parts of a token in compact form, HEADER.PAYLOAD.SIGNATURE; none is empty, all are base64url.
struct TokenParts {
  std::string_view header;
  std::string_view payload;
  std::string_view signature;
};
[[nodiscard]] std::optional<TokenParts> split_token(std::string_view token);

// The payload of `token`, if `key` has signed it. REQUIRES: split_token() gave `parts` of it, and
// its header names the key's algorithm.
[[nodiscard]] std::optional<std::string> verified_payload(std::string_view token,
                                                          const TokenParts& parts, const Key& key);

}  // namespace crier::services::credentials
