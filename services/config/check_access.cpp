#include "services/config/check_access.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "dataplane/access/identity.hpp"
#include "services/credentials/label_claims.hpp"

namespace crier::services::config {
namespace {

using dataplane::Identity;
using v1::Config;

// The keys of one listener, for errors.
class Keys {
 public:
  Keys(int index, const Origins& origins)
      : prefix_("listeners[" + std::to_string(index) + "]."), origins_(origins) {}

  [[nodiscard]] Error error(std::string_view key, const std::string& reason) const {
    return origins_.error(path(key), reason);
  }
  [[nodiscard]] std::string path(std::string_view key) const { return prefix_ + std::string(key); }
  [[nodiscard]] std::string quoted(std::string_view key) const { return "'" + path(key) + "'"; }

 private:
  std::string prefix_;
  const Origins& origins_;
};

std::optional<Error> check_tls(const Config::ListenerTls& tls, const Keys& keys) {
  if (tls.cert_file().empty() && !tls.key_file().empty()) {
    return keys.error("tls.key_file", "needs " + keys.quoted("tls.cert_file") + " too");
  }
  if (tls.key_file().empty() && !tls.cert_file().empty()) {
    return keys.error("tls.cert_file", "needs " + keys.quoted("tls.key_file") + " too");
  }
  const bool asks = tls.client_certificates() != Config::CLIENT_CERTIFICATES_NONE;
  if (asks && tls.cert_file().empty()) {
    return keys.error("tls.client_certificates", "needs " + keys.quoted("tls.cert_file") +
                                                     ": without TLS nobody shows a certificate");
  }
  if (asks && tls.client_ca_file().empty()) {
    return keys.error("tls.client_certificates",
                      "needs " + keys.quoted("tls.client_ca_file") + ": who may vouch for clients");
  }
  if (!asks && !tls.client_ca_file().empty()) {
    return keys.error("tls.client_ca_file",
                      "does nothing while " + keys.quoted("tls.client_certificates") + " is none");
  }
  return std::nullopt;
}

struct AuthKey {
  std::string_view name;
  const std::string& value;
  Config::AuthMethod method;  // that it is for
};

std::array<AuthKey, 6> keys_of(const Config::ListenerAuth& auth) {
  return {{{"auth.tokens_file", auth.tokens_file(), Config::AUTH_METHOD_TOKEN},
           {"auth.secret_file", auth.secret_file(), Config::AUTH_METHOD_JWT},
           {"auth.keys_file", auth.keys_file(), Config::AUTH_METHOD_JWT},
           {"auth.audience", auth.audience(), Config::AUTH_METHOD_JWT},
           {"auth.issuer", auth.issuer(), Config::AUTH_METHOD_JWT},
           {"auth.label_claims", auth.label_claims(), Config::AUTH_METHOD_JWT}}};
}

std::optional<Error> check_label_claims(const Config::ListenerAuth& auth, const Keys& keys) {
  auto names = credentials::split_label_claims(auth.label_claims());
  if (names.size() > Identity::kLabelsMax) {
    return keys.error("auth.label_claims",
                      "has more than " + std::to_string(Identity::kLabelsMax) + " names");
  }
  std::sort(names.begin(), names.end());
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty()) return keys.error("auth.label_claims", "has an empty name");
    if (names[i].size() > Identity::kLabelBytesMax) {
      return keys.error(
          "auth.label_claims",
          "has a name of more than " + std::to_string(Identity::kLabelBytesMax) + " characters");
    }
    if (i > 0 && names[i] == names[i - 1]) {
      return keys.error("auth.label_claims", "has a name twice");
    }
  }
  return std::nullopt;
}

std::optional<Error> check_method(const Config::Listener& listener, const Keys& keys) {
  const auto& auth = listener.auth();
  switch (auth.method()) {
    case Config::AUTH_METHOD_TOKEN:
      if (auth.tokens_file().empty()) {
        return keys.error("auth.method", "token needs " + keys.quoted("auth.tokens_file"));
      }
      return std::nullopt;
    case Config::AUTH_METHOD_JWT:
      if (auth.secret_file().empty() && auth.keys_file().empty()) {
        return keys.error("auth.method", "jwt needs " + keys.quoted("auth.secret_file") + " or " +
                                             keys.quoted("auth.keys_file"));
      }
      if (!auth.secret_file().empty() && !auth.keys_file().empty()) {
        return keys.error("auth.keys_file",
                          keys.quoted("auth.secret_file") + " is given too; only one can hold");
      }
      return check_label_claims(auth, keys);
    case Config::AUTH_METHOD_CERTIFICATE:
      if (listener.tls().client_certificates() != Config::CLIENT_CERTIFICATES_REQUIRED) {
        return keys.error("auth.method", "certificate needs " +
                                             keys.quoted("tls.client_certificates") + " required");
      }
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

std::optional<Error> check_auth(const Config::Listener& listener, const Keys& keys) {
  for (const auto& [name, value, method] : keys_of(listener.auth())) {
    if (!value.empty() && method != listener.auth().method()) {
      return keys.error(name, "does nothing while " + keys.quoted("auth.method") + " is not " +
                                  (method == Config::AUTH_METHOD_JWT ? "jwt" : "token"));
    }
  }
  if (auto error = check_method(listener, keys)) return error;
  if (listener.max_connections_per_identity() > 0 &&
      listener.auth().method() == Config::AUTH_METHOD_NONE) {
    return keys.error("max_connections_per_identity",
                      "needs a " + keys.quoted("auth.method") + ": without one nobody is known");
  }
  return std::nullopt;
}

}  // namespace

std::optional<Error> check_access(const v1::Config& config, const Origins& origins) {
  for (int i = 0; i < config.listeners_size(); ++i) {
    const Keys keys(i, origins);
    if (auto error = check_tls(config.listeners(i).tls(), keys)) return error;
    if (auto error = check_auth(config.listeners(i), keys)) return error;
  }
  return std::nullopt;
}

}  // namespace crier::services::config
