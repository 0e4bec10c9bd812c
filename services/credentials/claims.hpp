#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "dataplane/access/authenticator.hpp"

namespace crier::services::credentials {

// What a token has to say, beyond being signed.
struct ClaimRules {
  std::string audience;                   // that `aud` must be or hold; empty: any
  std::string issuer;                     // that `iss` must be; empty: any
  std::vector<std::string> label_claims;  // that become labels; at most Identity::kLabelsMax
};

// A token may come this long before its `nbf`, since clocks differ. After its `exp` it is not taken
// at all: those who are connected have their grace.
inline constexpr std::chrono::seconds kNotBeforeLeeway{5};

// Who the claims, a JSON object, say that somebody is. `sub` must be there and be a subject that
// Identity takes; without `exp` they hold for ever. Of label claims, text that Identity takes,
// numbers and booleans become labels, others are left out.
[[nodiscard]] dataplane::Authenticator::Outcome check_claims(
    std::string_view json, const ClaimRules& rules, std::chrono::system_clock::time_point now);

}  // namespace crier::services::credentials
