#include "dataplane/access/authenticator.hpp"

namespace crier::dataplane {

std::string_view text(AuthProblem problem) {
  switch (problem) {
    case AuthProblem::kMalformed:
      return "malformed credentials";
    case AuthProblem::kUnknown:
      return "unknown credentials";
    case AuthProblem::kBadSignature:
      return "a signature that does not hold";
    case AuthProblem::kExpired:
      return "expired credentials";
    case AuthProblem::kNotYetValid:
      return "credentials that are not valid yet";
    case AuthProblem::kWrongAudience:
      return "credentials for another audience";
    case AuthProblem::kWrongIssuer:
      return "credentials of another issuer";
    case AuthProblem::kNoSubject:
      return "credentials without a usable subject";
  }
  return "";
}

}  // namespace crier::dataplane
