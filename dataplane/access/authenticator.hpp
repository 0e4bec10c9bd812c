#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "dataplane/access/identity.hpp"

namespace crier::dataplane {

// Why credentials do not hold, for metrics and logs; clients are not told.
enum class AuthProblem : std::uint8_t {
  kMalformed,  // not what this listener's method looks like
  kUnknown,    // no such token, or no key for it
  kBadSignature,
  kExpired,
  kNotYetValid,
  kWrongAudience,
  kWrongIssuer,
  kNoSubject,
};

// What was presented, in a few words: "expired credentials".
[[nodiscard]] std::string_view text(AuthProblem problem);

// Says who somebody is. Called on every shard's thread, for each client that comes: it must not
// block, and its work is bounded whatever it is given.
class Authenticator {
 public:
  Authenticator() = default;
  Authenticator(const Authenticator&) = delete;
  Authenticator& operator=(const Authenticator&) = delete;
  virtual ~Authenticator() = default;

  using Outcome = std::variant<Identity, AuthProblem>;

  // `token`: any bytes, as the client sent them, and as many as its listener takes in a frame: a
  // client that renews its credentials may send max_frame_bytes. More than kTokenBytesMax are
  // kMalformed, which is said before anything is made of them.
  static constexpr std::size_t kTokenBytesMax = 4096;
  virtual Outcome check_token(std::string_view token) = 0;

  // A certificate that the listener's authorities vouch for: its subject in the form of RFC 2253
  // (CN=meter-7,O=Example), empty where none was shown, and when it expires.
  virtual Outcome check_certificate(std::string_view subject,
                                    std::chrono::system_clock::time_point expires) = 0;
};

}  // namespace crier::dataplane
