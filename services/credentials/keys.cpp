#include "services/credentials/keys.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <utility>

namespace crier::services::credentials {
namespace {

// Without leading zeros, as an issuer may write some.
std::size_t bits_of(std::string_view number) {
  const auto* const first =
      std::find_if(number.begin(), number.end(), [](char c) { return c != 0; });
  if (first == number.end()) return 0;
  const auto zeros = std::countl_zero(static_cast<std::uint8_t>(*first));
  return static_cast<std::size_t>(number.end() - first) * 8 - static_cast<std::size_t>(zeros);
}

}  // namespace

std::optional<Algorithm> algorithm_of(std::string_view name) {
  if (name == "HS256") return Algorithm::kHs256;
  if (name == "RS256") return Algorithm::kRs256;
  if (name == "ES256") return Algorithm::kEs256;
  return std::nullopt;
}

std::variant<Keys, Problem> parse_secret(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  const std::string size = "the secret has " + std::to_string(text.size()) + " bytes; ";
  if (text.size() < kSecretBytesMin) {
    return Problem{size + "the least is " + std::to_string(kSecretBytesMin)};
  }
  if (text.size() > kSecretBytesMax) {
    return Problem{size + "the most is " + std::to_string(kSecretBytesMax)};
  }
  Keys keys;
  keys.push_back({Algorithm::kHs256, std::nullopt,
                  Jwk(cjose_jwk_create_oct_spec(reinterpret_cast<const std::uint8_t*>(text.data()),
                                                text.size(), nullptr))});
  if (keys.front().jwk == nullptr) return Problem{"the secret cannot be used"};
  return keys;
}

std::variant<Keys, Problem> parse_public_keys(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const bool json = first != std::string_view::npos && text[first] == '{';
  return json ? parse_jwks(text) : parse_pem(text);
}

std::optional<std::string> bad_rsa_key(std::string_view modulus, std::string_view exponent) {
  const std::size_t bits = bits_of(modulus);
  const std::string size = "an RSA key of " + std::to_string(bits) + " bits; ";
  if (bits < kRsaBitsMin) return size + "the least is " + std::to_string(kRsaBitsMin);
  if (bits > kRsaBitsMax) return size + "the most is " + std::to_string(kRsaBitsMax);
  const std::size_t exponent_bits = bits_of(exponent);
  const std::string whose = "an RSA key whose exponent ";
  if (exponent_bits > kRsaExponentBitsMax) {
    return whose + "has more than " + std::to_string(kRsaExponentBitsMax) + " bits";
  }
  constexpr std::size_t kBitsOf3 = 2;
  if (exponent_bits < kBitsOf3) return whose + "is less than 3";
  if (static_cast<std::uint8_t>(exponent.back()) % 2 == 0) return whose + "is even";
  return std::nullopt;
}

}  // namespace crier::services::credentials
