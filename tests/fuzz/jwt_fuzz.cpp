// Any bytes where a token, its claims or its keys are expected; the first byte says where. A token
// that nobody signed must be refused, whatever it looks like. Claims that are taken say who
// somebody is within bounds. Keys that are taken are few, and none of them lets a token in that was
// only signed with what everybody may read: the bytes of the keys.
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>

#include "services/credentials/jwt.hpp"
#include "services/logging/escape.hpp"

using namespace crier::services::credentials;
using crier::dataplane::AuthProblem;
using crier::dataplane::Identity;

namespace {

constexpr std::chrono::system_clock::time_point kNow{std::chrono::seconds(1'700'000'000)};
constexpr std::string_view kPublicKeys =
    "-----BEGIN PUBLIC KEY-----\n"
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEZSQi2XS9+gUAt9En1GyzWAnBAkO+\n"
    "t5wFMA9TTZwu7iELfCRS40t0vOdObYKkTuMWKWz1btuKrwbptMNsv49gcQ==\n"
    "-----END PUBLIC KEY-----\n";
constexpr std::string_view kSecret = "a secret that this fuzzer has not";

void require(bool condition) {
  if (!condition) std::abort();
}

void require_refused(const Jwt& jwt, std::string_view token) {
  require(std::holds_alternative<AuthProblem>(jwt.check(token)));
  require(ERR_peek_error() == 0);
}

Jwt jwt_of(std::variant<Keys, Problem> keys) {
  return Jwt(std::get<Keys>(std::move(keys)), {}, [] { return kNow; });
}

void check_token(std::string_view token) {
  static const Jwt keys = jwt_of(parse_public_keys(kPublicKeys));
  static const Jwt secret = jwt_of(parse_secret(kSecret));
  require_refused(keys, token);
  require_refused(secret, token);
}

void check_claims_of(std::string_view json) {
  static const ClaimRules rules{"crier", "", {"site", "floor"}};
  const auto outcome = check_claims(json, rules, kNow);
  const auto* identity = std::get_if<Identity>(&outcome);
  if (identity == nullptr) return;
  require(!identity->subject.empty() && identity->subject.size() <= Identity::kSubjectBytesMax);
  require(crier::services::logging::is_printable(identity->subject));
  require(!identity->expires || *identity->expires > kNow);
  for (const auto& [name, value] : identity->labels) {
    require(value.size() <= Identity::kLabelBytesMax);
    require(crier::services::logging::is_printable(value));
  }
}

// {"alg":"HS256"}.{"sub":"a"} with the HMAC of it.
std::string signed_with(std::string_view secret) {
  std::string token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0";
  std::array<unsigned char, 32> mac{};
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(token.data()), token.size(), mac.data(), nullptr);
  std::array<unsigned char, 45> text{};
  EVP_EncodeBlock(text.data(), mac.data(), static_cast<int>(mac.size()));
  token += '.';
  for (std::size_t i = 0; i < 43; ++i) {
    const char c = static_cast<char>(text[i]);
    token += c == '+' ? '-' : c == '/' ? '_' : c;
  }
  return token;
}

void check_keys(std::string_view text) {
  auto parsed = parse_public_keys(text);
  require(ERR_peek_error() == 0);
  if (const auto* problem = std::get_if<Problem>(&parsed)) {
    require(!problem->text.empty() && crier::services::logging::is_printable(problem->text));
    return;
  }
  const std::size_t count = std::get<Keys>(parsed).size();
  require(count > 0 && count <= kKeysMax);
  require_refused(jwt_of(std::move(parsed)), signed_with(text));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0]) {
    case 'c':
      check_claims_of(input);
      break;
    case 'k':
      check_keys(input);
      break;
    default:
      check_token(input);
  }
  return 0;
}
