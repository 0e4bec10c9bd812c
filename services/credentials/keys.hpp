#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "services/credentials/jose.hpp"
#include "services/credentials/problem.hpp"

namespace crier::services::credentials {

enum class Algorithm : std::uint8_t { kHs256, kRs256, kEs256 };

// By its name in a token; nothing for any other, "none" included.
[[nodiscard]] std::optional<Algorithm> algorithm_of(std::string_view name);

// What signatures are verified with. A key is for one algorithm, whatever a token says, so that a
// public key can never be taken for a secret. Not changed after its making, so any thread may use
// it.
struct Key {
  Algorithm algorithm;
  std::optional<std::string> id;  // `kid`
  Jwk jwk;
};
using Keys = std::vector<Key>;  // never empty where it is a result

inline constexpr std::size_t kKeysFileBytesMax = 1U << 20U;
inline constexpr std::size_t kKeysMax = 100;
inline constexpr std::size_t kSecretBytesMin = 32;  // as long as the hash, RFC 7518 3.2
inline constexpr std::size_t kSecretBytesMax = 4096;
inline constexpr std::size_t kRsaBitsMin = 2048;
inline constexpr std::size_t kRsaBitsMax = 8192;  // what takes how long to verify
inline constexpr std::size_t kRsaExponentBitsMax = 64;

// A secret for HS256. A line end at its end is not part of it.
[[nodiscard]] std::variant<Keys, Problem> parse_secret(std::string_view text);

// Public keys for RS256 and ES256, as PEM or as a JWKS, which begins with a brace.
[[nodiscard]] std::variant<Keys, Problem> parse_public_keys(std::string_view text);

// The two forms. A JWKS may hold keys for other purposes and algorithms, which are left out; in a
// PEM each must be one that can be used.
[[nodiscard]] std::variant<Keys, Problem> parse_pem(std::string_view text);
[[nodiscard]] std::variant<Keys, Problem> parse_jwks(std::string_view text);

// Why an RSA key of these numbers, big-endian, is not used: its size, or an exponent with which
// nothing is proven. With 1 every text is its own signature.
[[nodiscard]] std::optional<std::string> bad_rsa_key(std::string_view modulus,
                                                     std::string_view exponent);

}  // namespace crier::services::credentials
