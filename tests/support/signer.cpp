#include "tests/support/signer.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <array>
#include <stdexcept>

namespace crier::testing {
namespace {

void require(bool condition) {
  if (!condition) throw std::runtime_error("OpenSSL failed");
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// r and s, each as long as the curve's numbers, instead of ASN.1.
std::string fixed_size(const std::string& der) {
  const unsigned char* at = bytes_of(der);
  ECDSA_SIG* signature = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
  require(signature != nullptr);
  std::array<unsigned char, 64> out{};
  BN_bn2binpad(ECDSA_SIG_get0_r(signature), out.data(), 32);
  BN_bn2binpad(ECDSA_SIG_get0_s(signature), out.data() + 32, 32);
  ECDSA_SIG_free(signature);
  return {reinterpret_cast<const char*>(out.data()), out.size()};
}

template <class Write>
std::string pem(const Write& write) {
  BIO* bio = BIO_new(BIO_s_mem());
  require(write(bio) == 1);
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio, &text);
  std::string out(text, static_cast<std::size_t>(size));
  BIO_free(bio);
  return out;
}

}  // namespace

std::string base64url(std::string_view bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes_of(bytes),
                                   static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  while (out.ends_with('=')) out.pop_back();
  for (char& c : out) {
    if (c == '+') c = '-';
    if (c == '/') c = '_';
  }
  return out;
}

std::string signing_input(std::string_view header, std::string_view payload) {
  return base64url(header) + "." + base64url(payload);
}

std::string sign_with_secret(std::string_view secret, std::string_view header,
                             std::string_view payload) {
  const std::string input = signing_input(header, payload);
  std::array<unsigned char, 32> digest{};
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), bytes_of(input), input.size(),
       digest.data(), nullptr);
  return input + "." + base64url({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

Signer Signer::rsa(unsigned bits) {
  return Signer(EVP_RSA_gen(bits));
}

Signer Signer::ec(const char* curve) {
  return Signer(EVP_EC_gen(curve));
}

bool Signer::is_rsa() const {
  return EVP_PKEY_is_a(key_.get(), "RSA") == 1;
}

Signer Signer::with_exponent(const char* exponent) const {
  BIGNUM* n = nullptr;
  BIGNUM* e = nullptr;
  require(EVP_PKEY_get_bn_param(key_.get(), OSSL_PKEY_PARAM_RSA_N, &n) == 1);
  require(BN_hex2bn(&e, exponent) != 0);
  OSSL_PARAM_BLD* builder = OSSL_PARAM_BLD_new();
  require(OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, n) == 1);
  require(OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, e) == 1);
  OSSL_PARAM* parameters = OSSL_PARAM_BLD_to_param(builder);
  EVP_PKEY_CTX* context = EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr);
  EVP_PKEY* key = nullptr;
  require(EVP_PKEY_fromdata_init(context) == 1);
  require(EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters) == 1);
  EVP_PKEY_CTX_free(context);
  OSSL_PARAM_free(parameters);
  OSSL_PARAM_BLD_free(builder);
  BN_free(e);
  BN_free(n);
  return Signer(key);
}

std::string Signer::sign(std::string_view header, std::string_view payload) const {
  const std::string input = signing_input(header, payload);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free);
  require(EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1);
  std::size_t size = 0;
  require(EVP_DigestSign(context.get(), nullptr, &size, bytes_of(input), input.size()) == 1);
  std::string signature(size, '\0');
  require(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                         bytes_of(input), input.size()) == 1);
  signature.resize(size);
  return input + "." + base64url(is_rsa() ? signature : fixed_size(signature));
}

std::string Signer::public_pem() const {
  return pem([this](BIO* bio) { return PEM_write_bio_PUBKEY(bio, key_.get()); });
}

std::string Signer::private_pem() const {
  return pem([this](BIO* bio) {
    return PEM_write_bio_PrivateKey(bio, key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
}

std::string Signer::number(const char* which, int bytes) const {
  BIGNUM* value = nullptr;
  require(EVP_PKEY_get_bn_param(key_.get(), which, &value) == 1);
  std::string out(static_cast<std::size_t>(bytes == 0 ? BN_num_bytes(value) : bytes), '\0');
  BN_bn2binpad(value, reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(out.size()));
  BN_free(value);
  return base64url(out);
}

std::string Signer::jwk(std::string_view more) const {
  std::string members;
  if (is_rsa()) {
    members = R"("kty":"RSA","n":")" + number(OSSL_PKEY_PARAM_RSA_N, 0) + R"(","e":")" +
              number(OSSL_PKEY_PARAM_RSA_E, 0) + "\"";
  } else {
    members = R"("kty":"EC","crv":"P-256","x":")" + number(OSSL_PKEY_PARAM_EC_PUB_X, 32) +
              R"(","y":")" + number(OSSL_PKEY_PARAM_EC_PUB_Y, 32) + "\"";
  }
  return "{" + members + (more.empty() ? "" : "," + std::string(more)) + "}";
}

std::string jwks(std::initializer_list<std::string> keys) {
  std::string list;
  for (const std::string& key : keys) list += (list.empty() ? "" : ",") + key;
  return R"({"keys":[)" + list + "]}";
}

}  // namespace crier::testing
