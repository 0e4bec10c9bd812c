#include "services/credentials/authenticators.hpp"

#include <exception>
#include <utility>
#include <variant>

#include "services/credentials/identity_text.hpp"
#include "services/credentials/label_claims.hpp"
#include "services/credentials/read_file.hpp"
#include "services/credentials/tokens.hpp"
#include "services/logging/log.hpp"

namespace crier::services::credentials {
namespace {

using dataplane::AuthProblem;
using dataplane::Identity;
using v1::Config;

std::vector<std::string> files_of(const Config::ListenerAuth& auth) {
  switch (auth.method()) {
    case Config::AUTH_METHOD_TOKEN:
      return {auth.tokens_file()};
    case Config::AUTH_METHOD_JWT:
      return {auth.secret_file().empty() ? auth.keys_file() : auth.secret_file()};
    default:
      return {};
  }
}

ClaimRules rules_of(const Config::ListenerAuth& auth) {
  return {auth.audience(), auth.issuer(), split_label_claims(auth.label_claims())};
}

Problem in_file(const std::string& path, const Problem& problem) {
  return {path + ": " + problem.text};
}

}  // namespace

ListenerAuthenticator::ListenerAuthenticator(const Config::ListenerAuth& auth, Jwt::Clock now)
    : auth_(auth), now_(std::move(now)), files_(files_of(auth)) {}

std::optional<std::string> ListenerAuthenticator::reload() {
  if (files_.empty()) return std::nullopt;
  auto fresh = read();
  if (const auto* problem = std::get_if<Problem>(&fresh)) return problem->text;
  auto check = std::make_shared<const Check>(std::get<Check>(std::move(fresh)));
  const std::lock_guard lock(mutex_);
  check_.swap(check);  // the old one goes after the lock does
  return std::nullopt;
}

std::variant<ListenerAuthenticator::Check, Problem> ListenerAuthenticator::read() const {
  return auth_.method() == Config::AUTH_METHOD_TOKEN ? read_tokens() : read_keys();
}

std::variant<ListenerAuthenticator::Check, Problem> ListenerAuthenticator::read_tokens() const {
  const std::string& path = files_.front();
  const auto text = read_file(path, Tokens::kFileBytesMax);
  if (const auto* problem = std::get_if<Problem>(&text)) return *problem;
  auto parsed = Tokens::parse(std::get<std::string>(text));
  if (const auto* problem = std::get_if<Problem>(&parsed)) return in_file(path, *problem);
  const auto tokens = std::make_shared<const Tokens>(std::get<Tokens>(std::move(parsed)));
  return [tokens](std::string_view token) { return tokens->find(token); };
}

std::variant<ListenerAuthenticator::Check, Problem> ListenerAuthenticator::read_keys() const {
  const std::string& path = files_.front();
  const auto text = read_file(path, kKeysFileBytesMax);
  if (const auto* problem = std::get_if<Problem>(&text)) return *problem;
  const auto& bytes = std::get<std::string>(text);
  auto parsed = auth_.secret_file().empty() ? parse_public_keys(bytes) : parse_secret(bytes);
  if (const auto* problem = std::get_if<Problem>(&parsed)) return in_file(path, *problem);
  const auto jwt =
      std::make_shared<const Jwt>(std::get<Keys>(std::move(parsed)), rules_of(auth_), now_);
  return [jwt](std::string_view token) { return jwt->check(token); };
}

std::shared_ptr<const ListenerAuthenticator::Check> ListenerAuthenticator::current() const {
  const std::lock_guard lock(mutex_);
  return check_;
}

dataplane::Authenticator::Outcome ListenerAuthenticator::check_token(std::string_view token) {
  const auto check = current();
  if (check == nullptr) return AuthProblem::kUnknown;
  try {
    return (*check)(token);
  } catch (const std::exception& fault) {
    logging::log_limited("credentials.check", logging::Level::kError,
                         "a client was refused because its token could not be checked",
                         {{"error", fault.what()}});
    return AuthProblem::kUnknown;
  }
}

dataplane::Authenticator::Outcome ListenerAuthenticator::check_certificate(
    std::string_view subject, std::chrono::system_clock::time_point expires) {
  if (auth_.method() != Config::AUTH_METHOD_CERTIFICATE) return AuthProblem::kMalformed;
  if (!is_subject(subject)) return AuthProblem::kNoSubject;
  Identity identity;
  identity.subject = subject;
  identity.expires = expires;
  return identity;
}

std::shared_ptr<ListenerAuthenticator> make_authenticator(const Config::ListenerAuth& auth,
                                                          Jwt::Clock now) {
  switch (auth.method()) {
    case Config::AUTH_METHOD_TOKEN:
    case Config::AUTH_METHOD_JWT:
    case Config::AUTH_METHOD_CERTIFICATE:
      return std::make_shared<ListenerAuthenticator>(auth, std::move(now));
    default:
      return nullptr;
  }
}

}  // namespace crier::services::credentials
