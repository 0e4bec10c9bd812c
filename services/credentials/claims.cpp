#include "services/credentials/claims.hpp"

#include <algorithm>
#include <optional>
#include <variant>

#include "services/credentials/identity_text.hpp"
#include "services/credentials/json.hpp"

namespace crier::services::credentials {
namespace {

using dataplane::AuthProblem;
using dataplane::Identity;
using Outcome = dataplane::Authenticator::Outcome;
using std::chrono::system_clock;

// Any further away a time would not fit into system_clock's nanoseconds (the year 2262).
constexpr double kSecondsMax = 9e9;

system_clock::time_point time_of(double seconds) {
  const std::chrono::duration<double> since_epoch(std::clamp(seconds, -kSecondsMax, kSecondsMax));
  return system_clock::time_point(std::chrono::round<std::chrono::milliseconds>(since_epoch));
}

struct Times {
  std::optional<system_clock::time_point> expires;
  std::optional<system_clock::time_point> not_before;
};

// Nothing where one of them is there and no number.
std::optional<Times> times_of(const Json& claims) {
  Times times;
  for (const char* key : {"exp", "nbf", "iat"}) {
    const json_t* value = member(claims, key);
    if (value == nullptr) continue;
    if (!json_is_number(value)) return std::nullopt;
    const auto time = time_of(json_number_value(value));
    if (key == std::string_view("exp")) times.expires = time;
    if (key == std::string_view("nbf")) times.not_before = time;
  }
  return times;
}

bool names_audience(const json_t* value, const std::string& audience) {
  if (text_of(value) == audience) return true;
  for (std::size_t i = 0; i < json_array_size(value); ++i) {
    if (text_of(json_array_get(value, i)) == audience) return true;
  }
  return false;
}

std::optional<std::string> label_value(const json_t* value) {
  if (const auto text = text_of(value)) {
    return is_label_value(*text) ? std::optional(std::string(*text)) : std::nullopt;
  }
  if (json_is_number(value) || json_is_boolean(value)) return written(value);
  return std::nullopt;
}

}  // namespace

Outcome check_claims(std::string_view json, const ClaimRules& rules, system_clock::time_point now) {
  const Json claims = parse_json_object(json);
  if (claims == nullptr) return AuthProblem::kMalformed;
  const auto times = times_of(claims);
  if (!times) return AuthProblem::kMalformed;
  if (times->expires && now >= *times->expires) return AuthProblem::kExpired;
  if (times->not_before && now + kNotBeforeLeeway < *times->not_before) {
    return AuthProblem::kNotYetValid;
  }
  if (!rules.issuer.empty() && text_member(claims, "iss") != rules.issuer) {
    return AuthProblem::kWrongIssuer;
  }
  if (!rules.audience.empty() && !names_audience(member(claims, "aud"), rules.audience)) {
    return AuthProblem::kWrongAudience;
  }
  const auto subject = text_member(claims, "sub");
  if (!subject || !is_subject(*subject)) return AuthProblem::kNoSubject;
  Identity identity;
  identity.subject = *subject;
  identity.expires = times->expires;
  for (const auto& name : rules.label_claims) {
    if (auto value = label_value(member(claims, name.c_str()))) {
      identity.labels.emplace_back(name, std::move(*value));
    }
  }
  return identity;
}

}  // namespace crier::services::credentials
