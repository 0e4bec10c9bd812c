#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "services/credentials/json.hpp"
#include "services/credentials/keys.hpp"

namespace crier::services::credentials {
namespace {

// What the key is for, by its type; nothing for a type that is not used here.
std::optional<Algorithm> algorithm_by_type(const Json& key) {
  const auto type = text_member(key, "kty");
  if (type == "RSA") return Algorithm::kRs256;
  if (type == "EC" && text_member(key, "crv") == "P-256") return Algorithm::kEs256;
  return std::nullopt;
}

// Whether the key says that it may verify signatures of `algorithm`; what it does not say, it may.
bool may_verify(const Json& key, Algorithm algorithm) {
  if (member(key, "alg") != nullptr &&
      algorithm_of(text_member(key, "alg").value_or("")) != algorithm) {
    return false;
  }
  if (member(key, "use") != nullptr && text_member(key, "use") != "sig") return false;
  const json_t* operations = member(key, "key_ops");
  if (operations == nullptr) return true;
  for (std::size_t i = 0; i < json_array_size(operations); ++i) {
    if (text_of(json_array_get(operations, i)) == "verify") return true;
  }
  return false;
}

std::string number_of(const Json& key, const char* which) {
  return decode_base64url(text_member(key, which).value_or("")).value_or("");
}

// A number that the key has not, or not in base64url: cjose would end the process over it.
std::optional<Problem> bad_number(const Json& key, Algorithm algorithm) {
  const auto numbers = algorithm == Algorithm::kRs256 ? std::array{"n", "e"} : std::array{"x", "y"};
  for (const char* which : numbers) {
    if (!is_base64url(text_member(key, which).value_or("="))) {
      return Problem{std::string("has no number '") + which + "' in base64url"};
    }
  }
  return std::nullopt;
}

bool has_private_part(const Json& key) {
  constexpr const char* kPrivate[] = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"};
  return std::any_of(std::begin(kPrivate), std::end(kPrivate),
                     [&](const char* part) { return member(key, part) != nullptr; });
}

std::variant<std::optional<Key>, Problem> key_of(const Json& json) {
  const auto algorithm = algorithm_by_type(json);
  if (!algorithm || !may_verify(json, *algorithm)) return std::nullopt;
  if (has_private_part(json)) {
    return Problem{"has a private part; only public keys belong here"};
  }
  if (auto problem = bad_number(json, *algorithm)) return *std::move(problem);
  if (algorithm == Algorithm::kRs256) {
    auto problem = bad_rsa_key(number_of(json, "n"), number_of(json, "e"));
    if (problem) return Problem{"is " + *problem};
  }
  Key key{*algorithm, std::nullopt, nullptr};
  if (member(json, "kid") != nullptr) {
    const auto id = text_member(json, "kid");
    if (!id) return Problem{"has a 'kid' that is no text"};
    key.id = *id;
  }
  const std::string text = written(json.get());
  key.jwk.reset(cjose_jwk_import(text.data(), text.size(), nullptr));
  if (key.jwk == nullptr) return Problem{"cannot be used"};
  return key;
}

std::variant<Keys, Problem> parse(std::string_view text) {
  const Json root = parse_json_object(text);
  if (root == nullptr) return Problem{"is no JSON object"};
  const json_t* list = member(root, "keys");
  if (!json_is_array(list)) return Problem{"has no list 'keys'"};
  if (json_array_size(list) > kKeysMax) {
    return Problem{"has more than " + std::to_string(kKeysMax) + " keys"};
  }
  Keys keys;
  for (std::size_t i = 0; i < json_array_size(list); ++i) {
    const std::string which = "keys[" + std::to_string(i) + "] ";
    const Json json(json_incref(json_array_get(list, i)));
    if (!json_is_object(json.get())) return Problem{which + "is no object"};
    auto key = key_of(json);
    if (const auto* problem = std::get_if<Problem>(&key)) return Problem{which + problem->text};
    if (auto& usable = std::get<std::optional<Key>>(key)) keys.push_back(std::move(*usable));
  }
  if (keys.empty()) return Problem{"has no key for RS256 or ES256 signatures"};
  return keys;
}

}  // namespace

std::variant<Keys, Problem> parse_jwks(std::string_view text) {
  auto keys = parse(text);
  ERR_clear_error();  // a queue that TLS on the same thread reads too
  return keys;
}

}  // namespace crier::services::credentials
