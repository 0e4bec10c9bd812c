#include "services/credentials/jwt.hpp"

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <rapidcheck/gtest.h>

#include "tests/services/credentials/jwt_fixture.hpp"

namespace crier::services::credentials {
namespace {

using dataplane::Authenticator;

constexpr std::string_view kClaims = R"({"sub":"meter-7"})";

std::string all_keys() {
  return jwks({rsa_signer().jwk(), ec_signer().jwk()});
}

TEST(Jwt, IsTakenWhenOneOfTheKeysHasSignedIt) {
  EXPECT_EQ(answer_to(jwt_with_secret().check(sign_with_secret(kSecret, kHs256, kClaims))),
            "meter-7");
  const Jwt pem = jwt_with_keys(rsa_signer().public_pem() + "\n" + ec_signer().public_pem());
  const Jwt set = jwt_with_keys(all_keys());
  for (const Jwt* jwt : {&pem, &set}) {
    EXPECT_EQ(answer_to(jwt->check(rsa_signer().sign(kRs256, kClaims))), "meter-7");
    EXPECT_EQ(answer_to(jwt->check(ec_signer().sign(kEs256, kClaims))), "meter-7");
  }
}

TEST(Jwt, OfSomebodyElsesKeyIsRefused) {
  EXPECT_EQ(answer_to(jwt_with_secret().check(
                sign_with_secret("another secret of 32 bytes......", kHs256, kClaims))),
            "(bad signature)");
  const Jwt jwt = jwt_with_keys(all_keys());
  EXPECT_EQ(answer_to(jwt.check(Signer::rsa().sign(kRs256, kClaims))), "(bad signature)");
  EXPECT_EQ(answer_to(jwt.check(Signer::ec().sign(kEs256, kClaims))), "(bad signature)");
}

TEST(Jwt, WithoutASignatureIsRefused) {
  const Jwt jwt = jwt_with_keys(all_keys());
  for (const char* alg : {"none", "None", "NONE", "nOnE"}) {
    const std::string input = signing_input(R"({"alg":")" + std::string(alg) + "\"}", kClaims);
    EXPECT_EQ(answer_to(jwt.check(input)), "(malformed)") << alg;
    EXPECT_EQ(answer_to(jwt.check(input + ".")), "(malformed)") << alg;
    EXPECT_EQ(answer_to(jwt.check(input + ".AAAA")), "(unknown)") << alg;
    EXPECT_EQ(answer_to(jwt_with_secret().check(input + ".AAAA")), "(unknown)") << alg;
  }
}

// Who takes the algorithm from the token lets a public key, which everybody has, be a secret.
TEST(Jwt, APublicKeyIsNoSecret) {
  const Jwt jwt = jwt_with_keys(rsa_signer().public_pem());
  std::string der_like = rsa_signer().public_pem();
  EXPECT_EQ(answer_to(jwt.check(sign_with_secret(der_like, kHs256, kClaims))), "(unknown)");
  der_like.pop_back();
  EXPECT_EQ(answer_to(jwt.check(sign_with_secret(der_like, kHs256, kClaims))), "(unknown)");
  const Jwt secret = jwt_with_secret();
  EXPECT_EQ(answer_to(secret.check(rsa_signer().sign(kRs256, kClaims))), "(unknown)");
}

TEST(Jwt, AKeyIsForOneAlgorithm) {
  const Jwt jwt = jwt_with_keys(all_keys());
  EXPECT_EQ(answer_to(jwt.check(rsa_signer().sign(kEs256, kClaims))), "(bad signature)");
  EXPECT_EQ(answer_to(jwt.check(ec_signer().sign(kRs256, kClaims))), "(bad signature)");
  for (const char* alg : {"RS384", "RS512", "PS256", "ES384", "ES512", "HS384", "rs256", "EdDSA"}) {
    const std::string header = R"({"alg":")" + std::string(alg) + "\"}";
    EXPECT_EQ(answer_to(jwt.check(rsa_signer().sign(header, kClaims))), "(unknown)") << alg;
  }
}

TEST(Jwt, HeadersThatSayWhatIsNotUnderstoodAreRefused) {
  const Jwt jwt = jwt_with_secret();
  for (const char* header : {
           R"({"alg":"HS256","crit":["exp"],"exp":1})",
           R"({"alg":"HS256","crit":[]})",
           R"({"alg":"HS256","crit":["b64"],"b64":false})",
           R"({"alg":"HS256","alg":"HS256"})",
           R"({"alg":["HS256"]})",
           R"({"alg":256})",
           R"({"alg":"HS256","kid":7})",
           R"({"typ":"JWT"})",
           R"(["HS256"])",
           R"("HS256")",
           R"({"alg":"HS256"} x)",
           "{\"alg\":\"HS256\\u0000\"}",
           "",
           "{}",
       }) {
    EXPECT_EQ(answer_to(jwt.check(sign_with_secret(kSecret, header, kClaims))), "(malformed)")
        << header;
  }
  EXPECT_EQ(answer_to(jwt.check(sign_with_secret(
                kSecret, R"({"alg":"HS256","typ":"at+jwt","x5u":"http://a"})", kClaims))),
            "meter-7")
      << "what may be ignored is";
}

TEST(Jwt, TheIdentifierOfAKeyChoosesIt) {
  const Signer other = Signer::ec();
  const Jwt jwt = jwt_with_keys(
      jwks({other.jwk(R"("kid":"old")"), ec_signer().jwk(R"("kid":"new")"), rsa_signer().jwk()}));
  const auto answer = [&](const Signer& signer, const std::string& header) {
    return answer_to(jwt.check(signer.sign(header, kClaims)));
  };
  EXPECT_EQ(answer(ec_signer(), R"({"alg":"ES256","kid":"new"})"), "meter-7");
  EXPECT_EQ(answer(other, R"({"alg":"ES256","kid":"old"})"), "meter-7");
  EXPECT_EQ(answer(ec_signer(), R"({"alg":"ES256","kid":"old"})"), "(bad signature)");
  EXPECT_EQ(answer(ec_signer(), R"({"alg":"ES256","kid":"lost"})"), "(unknown)");
  EXPECT_EQ(answer(ec_signer(), R"({"alg":"ES256"})"), "meter-7") << "each is tried";
  EXPECT_EQ(answer(rsa_signer(), R"({"alg":"RS256","kid":"any"})"), "meter-7") << "it has none";
}

TEST(Jwt, OnlySoManyKeysAreTried) {
  std::string pem;
  for (std::size_t i = 1; i < Jwt::kKeysTriedMax; ++i) pem += Signer::ec().public_pem();
  const std::string token = ec_signer().sign(kEs256, kClaims);
  EXPECT_EQ(answer_to(jwt_with_keys(pem + ec_signer().public_pem()).check(token)), "meter-7");
  pem += Signer::ec().public_pem();
  EXPECT_EQ(answer_to(jwt_with_keys(pem + ec_signer().public_pem()).check(token)),
            "(bad signature)");
}

class JwtDamage : public ::testing::TestWithParam<std::string_view> {
 protected:
  Jwt jwt_ = GetParam() == kHs256 ? jwt_with_secret() : jwt_with_keys(all_keys());
  std::string token_ = GetParam() == kHs256   ? sign_with_secret(kSecret, kHs256, kClaims)
                       : GetParam() == kRs256 ? rsa_signer().sign(kRs256, kClaims)
                                              : ec_signer().sign(kEs256, kClaims);
};

TEST_P(JwtDamage, CutAnywhereItIsRefused) {
  ASSERT_EQ(answer_to(jwt_.check(token_)), "meter-7");
  for (std::size_t size = 0; size < token_.size(); ++size) {
    EXPECT_EQ(answer_to(jwt_.check(token_.substr(0, size))).front(), '(') << size;
  }
}

TEST_P(JwtDamage, WithAnythingBehindItIsRefused) {
  for (const char* more : {"=", "==", "A", "AA", ".", ".A", "\n", " ", "AAAA"}) {
    EXPECT_EQ(answer_to(jwt_.check(token_ + more)).front(), '(') << more;
  }
  EXPECT_EQ(answer_to(jwt_.check(token_ + std::string(1, '\0'))), "(malformed)");
  EXPECT_EQ(answer_to(jwt_.check(" " + token_)), "(malformed)");
}

// The last character of a part holds bits that mean nothing; those in front are all signed, or are
// the signature.
TEST_P(JwtDamage, WithAnyOtherCharacterItIsRefused) {
  for (std::size_t at = 0; at + 1 < token_.size(); ++at) {
    std::string damaged = token_;
    damaged[at] = damaged[at] == 'A' ? 'B' : 'A';
    EXPECT_EQ(answer_to(jwt_.check(damaged)).front(), '(') << at;
  }
}

TEST_P(JwtDamage, PartsOfAnotherTokenDoNotFit) {
  const std::string payload = base64url(R"({"sub":"admin"})");
  const std::size_t first = token_.find('.');
  const std::size_t second = token_.rfind('.');
  EXPECT_EQ(answer_to(jwt_.check(token_.substr(0, first + 1) + payload + token_.substr(second))),
            "(bad signature)");
}

INSTANTIATE_TEST_SUITE_P(Algorithms, JwtDamage, ::testing::Values(kHs256, kRs256, kEs256));

TEST(Jwt, SizesAreBounded) {
  const Jwt jwt = jwt_with_secret();
  const auto token_of = [](std::size_t filling) {
    return sign_with_secret(kSecret, kHs256,
                            R"({"sub":"meter-7","x":")" + std::string(filling, 'x') + "\"}");
  };
  std::size_t filling = 0;
  while (token_of(filling + 1).size() <= Authenticator::kTokenBytesMax) ++filling;
  EXPECT_EQ(answer_to(jwt.check(token_of(filling))), "meter-7");
  EXPECT_EQ(answer_to(jwt.check(token_of(filling + 1))), "(malformed)");
}

TEST(Jwt, DeepHeadersAreRefused) {
  const std::string header = R"({"alg":"HS256","x":)" + std::string(2'900, '[');
  EXPECT_EQ(answer_to(jwt_with_secret().check(base64url(header) + ".AAAA.AAAA")), "(malformed)");
}

TEST(Jwt, LeavesNoErrorForTlsOnTheSameThread) {
  ERR_clear_error();
  const Jwt jwt = jwt_with_keys(all_keys());
  EXPECT_EQ(answer_to(jwt.check(Signer::rsa().sign(kRs256, kClaims))), "(bad signature)");
  EXPECT_EQ(ERR_peek_error(), 0UL);
}

RC_GTEST_PROP(Jwt, AnyBytesAreRefused, (const std::string& token)) {
  static const Jwt jwt = jwt_with_keys(all_keys());
  RC_ASSERT(std::holds_alternative<dataplane::AuthProblem>(jwt.check(token)));
}

RC_GTEST_PROP(Jwt, AnyPartsAreRefused,
              (const std::string& header, const std::string& payload, const std::string& mac)) {
  static const Jwt jwt = jwt_with_secret();
  const std::string token = signing_input(header, payload) + "." + base64url(mac);
  RC_ASSERT(std::holds_alternative<dataplane::AuthProblem>(jwt.check(token)));
  const std::string known = signing_input(kHs256, payload) + "." + base64url(mac);
  RC_ASSERT(std::holds_alternative<dataplane::AuthProblem>(jwt.check(known)));
}

}  // namespace
}  // namespace crier::services::credentials
