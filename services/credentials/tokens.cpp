#include "services/credentials/tokens.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <cstring>
#include <stdexcept>
#include <string>
#include <utility>

#include "services/credentials/token_line.hpp"
#include "services/files/words.hpp"

namespace crier::services::credentials {
namespace {

using dataplane::AuthProblem;

Problem at_line(std::size_t line, const std::string& text) {
  return {"line " + std::to_string(line) + ": " + text};
}

}  // namespace

std::size_t Tokens::Place::operator()(const Digest& digest) const {
  std::size_t place = 0;
  std::memcpy(&place, digest.data(), sizeof(place));
  return place;
}

bool Tokens::Same::operator()(const Digest& one, const Digest& other) const {
  return CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

Tokens::Tokens() {
  if (RAND_bytes(key_.data(), static_cast<int>(key_.size())) != 1) {
    throw std::runtime_error("there are no random numbers to be had");
  }
}

Tokens::Digest Tokens::digest_of(std::string_view token) const {
  Digest digest{};
  if (HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
           reinterpret_cast<const unsigned char*>(token.data()), token.size(), digest.data(),
           nullptr) == nullptr) {
    throw std::runtime_error("HMAC-SHA256 failed");
  }
  return digest;
}

std::variant<Tokens, Problem> Tokens::parse(std::string_view text) {
  Tokens tokens;
  std::size_t number = 0;
  while (!text.empty()) {
    const std::string_view line = files::take_line(text);
    if (++number > kLinesMax) {
      return Problem{"has more than " + std::to_string(kLinesMax) + " lines"};
    }
    auto parsed = parse_token_line(line);
    if (const auto* problem = std::get_if<Problem>(&parsed)) return at_line(number, problem->text);
    auto& entry = std::get<std::optional<TokenLine>>(parsed);
    if (!entry) continue;
    const Digest digest = tokens.digest_of(entry->token);
    if (!tokens.identities_.emplace(digest, std::move(entry->identity)).second) {
      return at_line(number, "the token is that of a line before it too");
    }
  }
  if (tokens.identities_.empty()) return Problem{"holds no token"};
  return tokens;
}

dataplane::Authenticator::Outcome Tokens::find(std::string_view token) const {
  if (token.size() < kTokenBytesMin || token.size() > kTokenBytesMax) {
    return AuthProblem::kMalformed;
  }
  const auto found = identities_.find(digest_of(token));
  if (found == identities_.end()) return AuthProblem::kUnknown;
  return found->second;
}

}  // namespace crier::services::credentials
