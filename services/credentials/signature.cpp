#include "services/credentials/signature.hpp"

#include <openssl/err.h>

#include <cstdint>

namespace crier::services::credentials {
namespace {

bool is_part(std::string_view text) {
  return !text.empty() && is_base64url(text);
}

// What a signature takes in base64url. cjose compares without looking at the size first.
std::size_t signature_characters(const Key& key) {
  constexpr std::size_t kHashBytes = 32;
  std::size_t bytes = 0;
  switch (key.algorithm) {
    case Algorithm::kHs256:
      bytes = kHashBytes;
      break;
    case Algorithm::kEs256:
      bytes = 2 * kHashBytes;  // r and s
      break;
    case Algorithm::kRs256:
      bytes = cjose_jwk_get_keysize(key.jwk.get(), nullptr) / 8;
      break;
  }
  return (bytes * 8 + 5) / 6;
}

// What OpenSSL says about a bad signature must not be found by TLS on the same thread.
class NoErrorsLeft {
 public:
  NoErrorsLeft() = default;
  NoErrorsLeft(const NoErrorsLeft&) = delete;
  NoErrorsLeft& operator=(const NoErrorsLeft&) = delete;
  ~NoErrorsLeft() { ERR_clear_error(); }
};

}  // namespace

std::optional<TokenParts> split_token(std::string_view token) {
  const std::size_t first = token.find('.');
  if (first == std::string_view::npos) return std::nullopt;
  const std::size_t second = token.find('.', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const TokenParts parts{token.substr(0, first), token.substr(first + 1, second - first - 1),
                         token.substr(second + 1)};
  if (!is_part(parts.header) || !is_part(parts.payload) || !is_part(parts.signature)) {
    return std::nullopt;
  }
  return parts;
}

std::optional<std::string> verified_payload(std::string_view token, const TokenParts& parts,
                                            const Key& key) {
  if (parts.signature.size() != signature_characters(key)) return std::nullopt;
  const NoErrorsLeft afterwards;
  const Jws jws(cjose_jws_import(token.data(), token.size(), nullptr));
  if (jws == nullptr || !cjose_jws_verify(jws.get(), key.jwk.get(), nullptr)) return std::nullopt;
  std::uint8_t* bytes = nullptr;  // of `jws`
  std::size_t size = 0;
  if (!cjose_jws_get_plaintext(jws.get(), &bytes, &size, nullptr)) return std::nullopt;
  return std::string(reinterpret_cast<const char*>(bytes), size);
}

}  // namespace crier::services::credentials
