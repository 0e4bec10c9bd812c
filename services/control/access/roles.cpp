#include "services/control/access/roles.hpp"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <algorithm>
#include <utility>

#include "services/files/words.hpp"

namespace crier::services::control {
namespace {

using files::take_line;
using files::take_word;
using files::trim;

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool consists_of(std::string_view word, std::string_view also) {
  return std::all_of(word.begin(), word.end(), [also](char c) {
    return is_alphanumeric(c) || also.find(c) != std::string_view::npos;
  });
}

// What a bearer token may hold (RFC 6750).
bool is_token(std::string_view word) {
  return consists_of(word, "-._~+/=");
}

bool is_name(std::string_view word) {
  return !word.empty() && word.size() <= Roles::kNameBytesMax && consists_of(word, "_-.");
}

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

std::optional<Role> role_named(std::string_view word) {
  const auto* const found = std::find(kRoleNames.begin(), kRoleNames.end(), word);
  if (found == kRoleNames.end()) return std::nullopt;
  return static_cast<Role>(found - kRoleNames.begin());
}

std::array<std::uint8_t, 32> digest_of(std::string_view token) {
  std::array<std::uint8_t, 32> digest{};
  ::SHA256(reinterpret_cast<const unsigned char*>(token.data()), token.size(), digest.data());
  return digest;
}

}  // namespace

std::variant<Roles, Roles::Problem> Roles::parse(std::string_view text) {
  if (text.size() > kTextBytesMax) return Problem{0, "is larger than 1MiB"};
  Roles roles;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = trim(take_line(text));
    if (line.empty() || line.front() == '#') continue;
    if (roles.size() == kCallersMax) return Problem{number, "is one caller more than 1000"};
    const std::string_view reason = roles.add_line(line);
    if (!reason.empty()) return Problem{number, std::string(reason)};
  }
  if (roles.size() == 0) return Problem{0, "names nobody, so nobody could call anything"};
  return roles;
}

std::string_view Roles::add_line(std::string_view line) {
  std::string_view rest = line;
  const auto role = role_named(take_word(rest));
  if (!role) return "must begin with read, publish or admin";
  const std::string_view kind = take_word(rest);
  if (kind == "token") return add_token(*role, rest);
  if (kind == "subject") return add_subject(*role, rest);
  return "must have 'token' or 'subject' after the role";
}

std::string_view Roles::add_token(Role role, std::string_view rest) {
  const std::string_view name = take_word(rest);
  const std::string_view token = take_word(rest);
  if (!is_name(name)) return "has no name of 1 to 64 letters, digits, '_', '-' or '.'";
  if (token.empty()) return "has a name, but no token after it";
  if (!rest.empty()) return "has something after the token";
  if (token.size() < kTokenBytesMin) return "has a token of less than 16 characters";
  if (token.size() > kTokenBytesMax) return "has a token of more than 1024 characters";
  if (!is_token(token)) return "has a token with other characters than A-Z a-z 0-9 - . _ ~ + / =";
  const Digest digest = digest_of(token);
  for (const Token& other : tokens_) {
    if (other.digest == digest) return "has the token of an earlier line";
    if (other.caller.name == name && other.caller.role != role) {
      return "has the name of an earlier line, but another role";
    }
  }
  tokens_.push_back({digest, {role, std::string(name)}});
  return {};
}

std::string_view Roles::add_subject(Role role, std::string_view rest) {
  if (rest.empty()) return "has no subject";
  if (rest.size() > kSubjectBytesMax) return "has a subject of more than 1024 characters";
  if (!is_printable(rest)) return "has a subject with other characters than printable ASCII";
  const bool fresh = subjects_.emplace(std::string(rest), Caller{role, std::string(rest)}).second;
  return fresh ? "" : "has the subject of an earlier line";
}

const Roles::Caller* Roles::by_token(std::string_view token) const {
  const Digest digest = digest_of(token);
  const Caller* found = nullptr;
  for (const Token& known : tokens_) {
    const bool same = ::CRYPTO_memcmp(known.digest.data(), digest.data(), digest.size()) == 0;
    found = same ? &known.caller : found;
  }
  return found;
}

const Roles::Caller* Roles::by_subject(std::string_view subject) const {
  const auto found = subjects_.find(subject);
  return found == subjects_.end() ? nullptr : &found->second;
}

}  // namespace crier::services::control
