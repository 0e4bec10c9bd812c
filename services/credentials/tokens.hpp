#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <variant>

#include "dataplane/access/authenticator.hpp"
#include "services/credentials/problem.hpp"
#include "services/credentials/token_bytes_min.hpp"

namespace crier::services::credentials {

// Who holds which shared token. Immutable, so any thread may ask.
//
// The text has a line for each token, SUBJECT TOKEN [LABEL=VALUE ...], separated by spaces or tabs.
// Empty lines and lines that begin with # mean nothing. A subject may have several tokens, so that
// one can be replaced while both hold; a token has one subject.
class Tokens {
 public:
  static constexpr std::size_t kFileBytesMax = 16U << 20U;
  static constexpr std::size_t kLinesMax = 100'000;
  static constexpr std::size_t kTokenBytesMin = kSharedTokenBytesMin;
  static constexpr std::size_t kTokenBytesMax = dataplane::Authenticator::kTokenBytesMax;

  // Or the first fault with its line. Without any token the text is faulty: so is a file that is
  // just being written.
  [[nodiscard]] static std::variant<Tokens, Problem> parse(std::string_view text);

  [[nodiscard]] dataplane::Authenticator::Outcome find(std::string_view token) const;

 private:
  // Tokens are looked up by their HMAC under a key that nobody outside this process knows. How long
  // the search takes depends on how much of two such values agrees; who can choose tokens but does
  // not know the key learns nothing from that about a token that is valid, since a single bit of
  // difference between tokens makes their HMACs differ at random. The last comparison, of two whole
  // HMACs, takes the same time whatever they hold. And no token is kept in memory.
  using Digest = std::array<std::uint8_t, 32>;
  struct Place {
    std::size_t operator()(const Digest& digest) const;
  };
  struct Same {
    bool operator()(const Digest& one, const Digest& other) const;
  };

  Tokens();

  [[nodiscard]] Digest digest_of(std::string_view token) const;

  std::array<std::uint8_t, 32> key_;
  std::unordered_map<Digest, dataplane::Identity, Place, Same> identities_;
};

}  // namespace crier::services::credentials
