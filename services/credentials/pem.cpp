#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "services/credentials/keys.hpp"
#include "services/credentials/openssl.hpp"

namespace crier::services::credentials {
namespace {

struct ReleaseBytes {
  void operator()(void* bytes) const { OPENSSL_free(bytes); }
};
using PublicKey = Owned<EVP_PKEY, &EVP_PKEY_free>;

// One block: what is between BEGIN and END.
struct Block {
  std::string name;
  std::string bytes;
};

// Nothing at the end and where what follows is no block.
std::optional<Block> next_block(BIO* from) {
  char* name = nullptr;
  char* header = nullptr;
  unsigned char* bytes = nullptr;
  long size = 0;
  if (PEM_read_bio(from, &name, &header, &bytes, &size) != 1) return std::nullopt;
  const std::unique_ptr<void, ReleaseBytes> owners[] = {std::unique_ptr<void, ReleaseBytes>(name),
                                                        std::unique_ptr<void, ReleaseBytes>(header),
                                                        std::unique_ptr<void, ReleaseBytes>(bytes)};
  return Block{name, {reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)}};
}

// The number, big-endian and as long as it is but at least `bytes_min`.
std::string number_of(const EVP_PKEY* key, const char* which, int bytes_min = 0) {
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_bn_param(key, which, &number) != 1) return {};
  const Owned<BIGNUM, &BN_free> owner(number);
  std::string bytes(static_cast<std::size_t>(std::max(BN_num_bytes(number), bytes_min)), '\0');
  BN_bn2binpad(number, reinterpret_cast<unsigned char*>(bytes.data()),
               static_cast<int>(bytes.size()));
  return bytes;
}

std::uint8_t* bytes_of(std::string& text) {
  return reinterpret_cast<std::uint8_t*>(text.data());
}

std::variant<Key, Problem> rsa_key(const EVP_PKEY* key) {
  std::string n = number_of(key, OSSL_PKEY_PARAM_RSA_N);
  std::string e = number_of(key, OSSL_PKEY_PARAM_RSA_E);
  if (auto problem = bad_rsa_key(n, e)) return Problem{*problem};
  cjose_jwk_rsa_keyspec spec{};
  spec.n = bytes_of(n);
  spec.nlen = n.size();
  spec.e = bytes_of(e);
  spec.elen = e.size();
  return Key{Algorithm::kRs256, std::nullopt, Jwk(cjose_jwk_create_RSA_spec(&spec, nullptr))};
}

std::variant<Key, Problem> ec_key(const EVP_PKEY* key) {
  constexpr int kCoordinateBytes = 32;
  std::array<char, 64> curve{};
  std::size_t size = 0;
  if (EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, curve.data(), curve.size(),
                                     &size) != 1 ||
      std::string_view(curve.data(), size) != "prime256v1") {
    return Problem{"a key on another curve than P-256"};
  }
  std::string x = number_of(key, OSSL_PKEY_PARAM_EC_PUB_X, kCoordinateBytes);
  std::string y = number_of(key, OSSL_PKEY_PARAM_EC_PUB_Y, kCoordinateBytes);
  cjose_jwk_ec_keyspec spec{};
  spec.crv = CJOSE_JWK_EC_P_256;
  spec.x = bytes_of(x);
  spec.xlen = x.size();
  spec.y = bytes_of(y);
  spec.ylen = y.size();
  return Key{Algorithm::kEs256, std::nullopt, Jwk(cjose_jwk_create_EC_spec(&spec, nullptr))};
}

std::variant<Key, Problem> key_of(const Block& block) {
  if (block.name != PEM_STRING_PUBLIC) {
    return Problem{"something else than a PUBLIC KEY; nothing else belongs here"};
  }
  const auto* bytes = reinterpret_cast<const unsigned char*>(block.bytes.data());
  const PublicKey key(d2i_PUBKEY(nullptr, &bytes, static_cast<long>(block.bytes.size())));
  if (key == nullptr) return Problem{"a PUBLIC KEY that cannot be read"};
  if (EVP_PKEY_is_a(key.get(), "RSA") == 1) return rsa_key(key.get());
  if (EVP_PKEY_is_a(key.get(), "EC") == 1) return ec_key(key.get());
  return Problem{"a key that is neither RSA nor EC"};
}

std::variant<Keys, Problem> parse(std::string_view text) {
  const Bio bio = bio_of(text);
  Keys keys;
  while (const auto block = next_block(bio.get())) {
    const std::string which = "block " + std::to_string(keys.size() + 1) + " is ";
    if (keys.size() == kKeysMax) {
      return Problem{"has more than " + std::to_string(kKeysMax) + " keys"};
    }
    auto key = key_of(*block);
    if (const auto* problem = std::get_if<Problem>(&key)) return Problem{which + problem->text};
    if (std::get<Key>(key).jwk == nullptr) return Problem{which + "a key that cannot be used"};
    keys.push_back(std::get<Key>(std::move(key)));
  }
  const auto end = static_cast<int>(ERR_GET_REASON(ERR_peek_last_error()));
  if (end != PEM_R_NO_START_LINE) {
    return Problem{"block " + std::to_string(keys.size() + 1) + " is not whole"};
  }
  if (keys.empty()) return Problem{"is neither PEM with a PUBLIC KEY nor a JWKS"};
  return keys;
}

}  // namespace

std::variant<Keys, Problem> parse_pem(std::string_view text) {
  ERR_clear_error();
  auto keys = parse(text);
  ERR_clear_error();  // a queue that TLS on the same thread reads too
  return keys;
}

}  // namespace crier::services::credentials
