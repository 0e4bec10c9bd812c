#pragma once

#include <openssl/evp.h>

#include <memory>
#include <string>
#include <string_view>

// Makes tokens and keys as an issuer would, with OpenSSL alone.
namespace crier::testing {

[[nodiscard]] std::string base64url(std::string_view bytes);

// HEADER.PAYLOAD with a signature for it.
[[nodiscard]] std::string signing_input(std::string_view header, std::string_view payload);
[[nodiscard]] std::string sign_with_secret(std::string_view secret, std::string_view header,
                                           std::string_view payload);

// A pair of keys.
class Signer {
 public:
  [[nodiscard]] static Signer rsa(unsigned bits = 2048);
  [[nodiscard]] static Signer ec(const char* curve = "P-256");

  // An RSA key's public part with another exponent, in hexadecimal digits.
  [[nodiscard]] Signer with_exponent(const char* exponent) const;

  // RS256 or ES256, by the kind of the key.
  [[nodiscard]] std::string sign(std::string_view header, std::string_view payload) const;

  [[nodiscard]] std::string public_pem() const;
  [[nodiscard]] std::string private_pem() const;

  // Public, as an element of a JWKS; `more` are members that follow, such as "\"kid\":\"a\"".
  [[nodiscard]] std::string jwk(std::string_view more = "") const;

 private:
  struct Release {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  };

  explicit Signer(EVP_PKEY* key) : key_(key) {}

  [[nodiscard]] bool is_rsa() const;
  [[nodiscard]] std::string number(const char* which, int bytes) const;

  std::unique_ptr<EVP_PKEY, Release> key_;
};

[[nodiscard]] std::string jwks(std::initializer_list<std::string> keys);

}  // namespace crier::testing
