#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include "services/credentials/jwt.hpp"
#include "tests/support/signer.hpp"

namespace crier::services::credentials {

using crier::testing::base64url;
using crier::testing::jwks;
using crier::testing::sign_with_secret;
using crier::testing::Signer;
using crier::testing::signing_input;

// One pair of keys of each kind for all tests: making them takes a while.
inline const Signer& rsa_signer() {
  static const Signer signer = Signer::rsa();
  return signer;
}
inline const Signer& ec_signer() {
  static const Signer signer = Signer::ec();
  return signer;
}
inline constexpr std::string_view kSecret = "a secret of thirty-two bytes....";

inline constexpr std::string_view kHs256 = R"({"alg":"HS256","typ":"JWT"})";
inline constexpr std::string_view kRs256 = R"({"alg":"RS256","typ":"JWT"})";
inline constexpr std::string_view kEs256 = R"({"alg":"ES256","typ":"JWT"})";

// The time at which tests take place.
inline constexpr std::chrono::system_clock::time_point kNow{std::chrono::seconds(1'700'000'000)};

inline Jwt jwt_with(Keys keys, ClaimRules rules = {}) {
  return Jwt(std::move(keys), std::move(rules), [] { return kNow; });
}
inline Jwt jwt_with_secret(ClaimRules rules = {}) {
  return jwt_with(std::get<Keys>(parse_secret(kSecret)), std::move(rules));
}
inline Jwt jwt_with_keys(std::string_view text, ClaimRules rules = {}) {
  auto keys = parse_public_keys(text);
  if (const auto* problem = std::get_if<Problem>(&keys)) throw std::runtime_error(problem->text);
  return jwt_with(std::get<Keys>(std::move(keys)), std::move(rules));
}

// The subject of an accepted token, or the problem in parentheses.
inline std::string answer_to(const dataplane::Authenticator::Outcome& outcome) {
  if (const auto* identity = std::get_if<dataplane::Identity>(&outcome)) return identity->subject;
  switch (std::get<dataplane::AuthProblem>(outcome)) {
    case dataplane::AuthProblem::kMalformed:
      return "(malformed)";
    case dataplane::AuthProblem::kUnknown:
      return "(unknown)";
    case dataplane::AuthProblem::kBadSignature:
      return "(bad signature)";
    case dataplane::AuthProblem::kExpired:
      return "(expired)";
    case dataplane::AuthProblem::kNotYetValid:
      return "(not yet valid)";
    case dataplane::AuthProblem::kWrongAudience:
      return "(wrong audience)";
    case dataplane::AuthProblem::kWrongIssuer:
      return "(wrong issuer)";
    case dataplane::AuthProblem::kNoSubject:
      return "(no subject)";
  }
  return "";
}

}  // namespace crier::services::credentials
