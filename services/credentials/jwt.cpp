#include "services/credentials/jwt.hpp"

#include <optional>
#include <utility>
#include <variant>

#include "services/credentials/json.hpp"
#include "services/credentials/signature.hpp"

namespace crier::services::credentials {
namespace {

using dataplane::Authenticator;
using dataplane::AuthProblem;

struct Header {
  Algorithm algorithm;
  std::optional<std::string> key_id;
};

std::variant<Header, AuthProblem> parse_header(std::string_view encoded) {
  const auto text = decode_base64url(encoded);
  const Json json = text ? parse_json_object(*text) : nullptr;
  if (json == nullptr || member(json, "crit") != nullptr) return AuthProblem::kMalformed;
  const auto name = text_member(json, "alg");
  if (!name) return AuthProblem::kMalformed;
  const auto algorithm = algorithm_of(*name);
  if (!algorithm) return AuthProblem::kUnknown;
  Header header{*algorithm, std::nullopt};
  if (member(json, "kid") != nullptr) {
    const auto id = text_member(json, "kid");
    if (!id) return AuthProblem::kMalformed;
    header.key_id = *id;
  }
  return header;
}

bool fits(const Key& key, const Header& header) {
  const bool other_id = key.id && header.key_id && *key.id != *header.key_id;
  return key.algorithm == header.algorithm && !other_id;
}

}  // namespace

Jwt::Jwt(Keys keys, ClaimRules rules, Clock now)
    : keys_(std::move(keys)), rules_(std::move(rules)), now_(std::move(now)) {}

Authenticator::Outcome Jwt::check(std::string_view token) const {
  if (token.size() > Authenticator::kTokenBytesMax) return AuthProblem::kMalformed;
  const auto parts = split_token(token);
  if (!parts) return AuthProblem::kMalformed;
  const auto parsed = parse_header(parts->header);
  if (const auto* problem = std::get_if<AuthProblem>(&parsed)) return *problem;
  const auto& header = std::get<Header>(parsed);
  std::size_t tried = 0;
  for (const Key& key : keys_) {
    if (!fits(key, header)) continue;
    if (++tried > kKeysTriedMax) break;
    if (const auto payload = verified_payload(token, *parts, key)) {
      return check_claims(*payload, rules_, now_());
    }
  }
  return tried == 0 ? AuthProblem::kUnknown : AuthProblem::kBadSignature;
}

}  // namespace crier::services::credentials
