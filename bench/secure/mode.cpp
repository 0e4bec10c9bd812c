#include "bench/secure/mode.hpp"

#include <chrono>
#include <fstream>
#include <stdexcept>

#include "dataplane/envelope/wire.hpp"
#include "dataplane/framing/encoding.hpp"
#include "services/credentials/authenticators.hpp"
#include "tests/support/signer.hpp"

namespace crier::bench {
namespace {

using namespace dataplane;

constexpr std::string_view kSecret = "a secret of at least thirty-two bytes";
constexpr std::string_view kToken = "a-token-of-some-thirty-two-bytes";

void write(const std::string& path, std::string_view text) {
  std::ofstream(path) << text;
}

std::shared_ptr<Authenticator> authenticator(const v1::Config::ListenerAuth& auth) {
  auto made = services::credentials::make_authenticator(auth);
  if (const auto problem = made->reload()) throw std::runtime_error(*problem);
  return made;
}

std::shared_ptr<Authenticator> by_key(const std::string& file) {
  v1::Config::ListenerAuth auth;
  auth.set_method(v1::Config::AUTH_METHOD_JWT);
  auth.set_keys_file(file);
  return authenticator(auth);
}

std::string claims() {
  const auto expires = std::chrono::system_clock::now() + std::chrono::hours(1);
  return R"({"sub":"meter-7","exp":)" +
         std::to_string(std::chrono::system_clock::to_time_t(expires)) + "}";
}

std::string hello(std::string_view token) {
  std::string inner;
  envelope::append_bytes(inner, 1, token);
  std::string message;
  envelope::append_bytes(message, 1, inner);
  std::string wire;
  encode(Encoding::kLength4, message, wire);
  return wire;
}

Mode plain(std::string name) {
  Mode mode;
  mode.name = std::move(name);
  mode.listener.address = "127.0.0.1:0";
  mode.listener.handshake_timeout = std::chrono::minutes(1);
  mode.listener.ping_interval = std::chrono::milliseconds(0);
  return mode;
}

Mode with_token(std::string name, std::shared_ptr<Authenticator> authenticator, std::string token) {
  Mode mode = plain(std::move(name));
  mode.listener.authentication = Authentication::kToken;
  mode.authenticator = std::move(authenticator);
  mode.first_frame = std::move(token) + "\n";
  return mode;
}

}  // namespace

std::vector<Mode> modes(const std::string& folder) {
  const std::string tokens = folder + "/tokens";
  write(tokens, "meter-7 " + std::string(kToken) + "\n");
  v1::Config::ListenerAuth by_tokens;
  by_tokens.set_method(v1::Config::AUTH_METHOD_TOKEN);
  by_tokens.set_tokens_file(tokens);

  const std::string secret = folder + "/secret";
  write(secret, kSecret);
  v1::Config::ListenerAuth by_secret;
  by_secret.set_method(v1::Config::AUTH_METHOD_JWT);
  by_secret.set_secret_file(secret);

  const auto rsa = crier::testing::Signer::rsa();
  const auto ec = crier::testing::Signer::ec();
  write(folder + "/rsa.pem", rsa.public_pem());
  write(folder + "/ec.pem", ec.public_pem());
  const std::string es256 = ec.sign(R"({"alg":"ES256"})", claims());

  std::vector<Mode> all;
  all.push_back(plain("plain"));
  all.push_back(with_token("token", authenticator(by_tokens), std::string(kToken)));
  all.push_back(
      with_token("JWT, HS256", authenticator(by_secret),
                 crier::testing::sign_with_secret(kSecret, R"({"alg":"HS256"})", claims())));
  all.push_back(with_token("JWT, RS256", by_key(folder + "/rsa.pem"),
                           rsa.sign(R"({"alg":"RS256"})", claims())));
  all.push_back(with_token("JWT, ES256", by_key(folder + "/ec.pem"), es256));

  Mode enveloped = plain("envelope");
  enveloped.listener.framing.kind = FramingKind::kLength;
  enveloped.listener.codec = Codec::kEnvelope;
  enveloped.first_frame = hello("");
  all.push_back(enveloped);

  Mode tls = plain("TLS 1.3");
  tls.listener.tls = true;
  all.push_back(tls);

  Mode mutual = tls;
  mutual.name = "TLS 1.3, client certificate";
  mutual.certificate = true;
  v1::Config::ListenerAuth by_certificate;
  by_certificate.set_method(v1::Config::AUTH_METHOD_CERTIFICATE);
  mutual.listener.authentication = Authentication::kCertificate;
  mutual.authenticator = services::credentials::make_authenticator(by_certificate);
  all.push_back(mutual);

  Mode whole = enveloped;
  whole.name = "TLS 1.3, envelope, JWT (ES256)";
  whole.listener.tls = true;
  whole.listener.authentication = Authentication::kToken;
  whole.authenticator = by_key(folder + "/ec.pem");
  whole.first_frame = hello(es256);
  all.push_back(whole);
  return all;
}

}  // namespace crier::bench
