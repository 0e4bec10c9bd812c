#include "services/control/access/gate.hpp"

#include <algorithm>
#include <utility>

namespace crier::services::control {
namespace {

constexpr std::string_view kScheme = "bearer ";

bool same_letter(char left, char right) {
  return left == right || (left >= 'A' && left <= 'Z' && left - 'A' + 'a' == right);
}

// What follows "Bearer "; empty where the header says something else. The scheme is
// case-insensitive (RFC 9110).
std::string_view bearer_token(std::string_view authorization) {
  if (authorization.size() <= kScheme.size()) return {};
  if (!std::equal(kScheme.begin(), kScheme.end(), authorization.begin(),
                  [](char wanted, char found) { return same_letter(found, wanted); })) {
    return {};
  }
  return authorization.substr(kScheme.size());
}

}  // namespace

void Gate::set_roles(std::shared_ptr<const Roles> roles) {
  if (roles == nullptr) return;
  const std::lock_guard lock(mutex_);
  std::swap(roles_, roles);  // the old ones end after the lock
}

Admission Gate::admit(Method method, const Shown& shown) {
  const std::shared_ptr<const Roles> known = roles();
  if (known == nullptr) return {{}, std::string(shown.subject)};
  const Roles::Caller* caller = nullptr;
  if (shown.authorizations > 0) {
    if (shown.authorizations > 1) return {unauthenticated(method, "has two tokens"), ""};
    const std::string_view token = bearer_token(shown.authorization);
    if (token.empty()) {
      return {unauthenticated(method, "has an authorization that is not 'Bearer TOKEN'"), ""};
    }
    caller = known->by_token(token);
    if (caller == nullptr) return {unauthenticated(method, "has a token nobody has here"), ""};
  } else if (!shown.subject.empty()) {
    caller = known->by_subject(shown.subject);
  } else {
    return {unauthenticated(method, "says who calls neither by a token nor by a certificate"), ""};
  }
  const Role needed = role_needed(method);
  if (caller != nullptr && caller->role >= needed) return {{}, caller->name};
  stats_.denied(Denial::kPermissionDenied);
  const std::string who = caller != nullptr ? caller->name : std::string(shown.subject);
  return {permission_denied(label(method), who, name(needed)), who};
}

std::shared_ptr<const Roles> Gate::roles() const {
  const std::lock_guard lock(mutex_);
  return roles_;
}

Status Gate::unauthenticated(Method method, std::string_view why) {
  stats_.denied(Denial::kUnauthenticated);
  return control::unauthenticated(label(method), why);
}

}  // namespace crier::services::control
