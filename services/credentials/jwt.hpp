#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string_view>

#include "dataplane/access/authenticator.hpp"
#include "services/credentials/claims.hpp"
#include "services/credentials/keys.hpp"

namespace crier::services::credentials {

// Checks signed tokens (JWT, RFC 7519, in compact form). Immutable, so any thread may ask.
//
// Until a signature is verified only the header is read, and nothing of what it says is done: it
// must name the algorithm of a key that we have, and its `kid` narrows the choice of keys.
// Unsigned tokens, and headers with `crit` (extensions that must be understood), are refused.
class Jwt {
 public:
  using Clock = std::function<std::chrono::system_clock::time_point()>;

  // Where a token or keys have no `kid`, so many keys of its algorithm are tried at most.
  static constexpr std::size_t kKeysTriedMax = 8;

  Jwt(Keys keys, ClaimRules rules, Clock now);

  [[nodiscard]] dataplane::Authenticator::Outcome check(std::string_view token) const;

 private:
  Keys keys_;
  ClaimRules rules_;
  Clock now_;
};

}  // namespace crier::services::credentials
