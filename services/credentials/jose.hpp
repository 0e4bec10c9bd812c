#pragma once

#include <cjose/cjose.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

// cjose's objects with an owner.
namespace crier::services::credentials {

struct JwkRelease {
  void operator()(cjose_jwk_t* key) const { cjose_jwk_release(key); }
};
using Jwk = std::unique_ptr<cjose_jwk_t, JwkRelease>;

struct JwsRelease {
  void operator()(cjose_jws_t* signature) const { cjose_jws_release(signature); }
};
using Jws = std::unique_ptr<cjose_jws_t, JwsRelease>;

// Letters, digits, - and _ in a number that base64url can have, and nothing else: cjose stops at a
// '=' wherever it stands.
[[nodiscard]] bool is_base64url(std::string_view text);

// Nothing where `text` is not base64url.
[[nodiscard]] std::optional<std::string> decode_base64url(std::string_view text);

}  // namespace crier::services::credentials
