#include "services/credentials/keys.hpp"

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <rapidcheck/gtest.h>

#include "tests/services/credentials/jwt_fixture.hpp"

namespace crier::services::credentials {
namespace {

std::string problem_of(const std::variant<Keys, Problem>& parsed) {
  const auto* problem = std::get_if<Problem>(&parsed);
  EXPECT_NE(problem, nullptr) << "accepted";
  EXPECT_EQ(ERR_peek_error(), 0UL);
  return problem == nullptr ? "" : problem->text;
}

std::size_t count(std::string_view text) {
  const auto parsed = parse_public_keys(text);
  const auto* problem = std::get_if<Problem>(&parsed);
  EXPECT_EQ(problem, nullptr) << problem->text;
  return problem == nullptr ? std::get<Keys>(parsed).size() : 0;
}

TEST(Secret, HasABoundedSize) {
  EXPECT_EQ(std::get<Keys>(parse_secret(std::string(32, 's'))).size(), 1U);
  EXPECT_EQ(std::get<Keys>(parse_secret(std::string(4096, 's') + "\r\n")).size(), 1U);
  EXPECT_EQ(problem_of(parse_secret(std::string(31, 's') + "\n")),
            "the secret has 31 bytes; the least is 32");
  EXPECT_EQ(problem_of(parse_secret(std::string(4097, 's'))),
            "the secret has 4097 bytes; the most is 4096");
  EXPECT_EQ(problem_of(parse_secret("")), "the secret has 0 bytes; the least is 32");
}

TEST(Secret, IsAnyBytesWithoutTheLineEnd) {
  const std::string secret =
      std::string("\0\n\xff", 3) + std::string(30, 'x') + '\n' + std::string(1, '\0');
  auto keys = parse_secret(secret + "\n");
  EXPECT_EQ(answer_to(jwt_with(std::get<Keys>(std::move(keys)))
                          .check(sign_with_secret(secret, kHs256, R"({"sub":"a"})"))),
            "a");
}

TEST(Pem, HoldsPublicKeysAndNothingElse) {
  const std::string rsa = rsa_signer().public_pem();
  EXPECT_EQ(count("issued on a Monday\n" + rsa + ec_signer().public_pem()), 2U);
  EXPECT_EQ(problem_of(parse_public_keys(rsa + rsa_signer().private_pem())),
            "block 2 is something else than a PUBLIC KEY; nothing else belongs here");
  EXPECT_EQ(problem_of(parse_public_keys(Signer::ec("P-384").public_pem())),
            "block 1 is a key on another curve than P-256");
  EXPECT_EQ(problem_of(parse_public_keys(Signer::rsa(1024).public_pem())),
            "block 1 is an RSA key of 1024 bits; the least is 2048");
  EXPECT_EQ(problem_of(parse_public_keys("-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6"
                                         "FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
                                         "-----END PUBLIC KEY-----\n")),
            "block 1 is a key that is neither RSA nor EC");
  EXPECT_EQ(problem_of(parse_public_keys("-----BEGIN PUBLIC KEY-----\nMCow\n"
                                         "-----END PUBLIC KEY-----\n")),
            "block 1 is a PUBLIC KEY that cannot be read");
  for (const char* none : {"", "\n", "keys", "-----BEGIN"}) {
    EXPECT_EQ(problem_of(parse_public_keys(none)), "is neither PEM with a PUBLIC KEY nor a JWKS");
  }
}

TEST(Pem, CutAnywhereItIsRefusedOrHoldsTheKeysBefore) {
  const std::string one = ec_signer().public_pem();
  const std::string two = one + Signer::ec().public_pem();
  for (std::size_t size = 0; size < two.size() - 1; ++size) {
    const auto parsed = parse_public_keys(two.substr(0, size));
    if (const auto* keys = std::get_if<Keys>(&parsed)) {
      EXPECT_EQ(keys->size(), 1U) << size;
      EXPECT_GE(size, one.size() - 1) << size;
    }
  }
  EXPECT_EQ(problem_of(parse_public_keys(two.substr(0, two.size() - 40))), "block 2 is not whole");
}

TEST(Jwks, LeavesOutWhatIsForSomethingElse) {
  const std::string rsa = rsa_signer().jwk(R"("alg":"RS256","use":"sig","x5t":"abc")");
  for (const std::string& other : {
           rsa_signer().jwk(R"("alg":"RS512")"),
           rsa_signer().jwk(R"("alg":"RSA-OAEP","use":"enc")"),
           rsa_signer().jwk(R"("use":"enc")"),
           rsa_signer().jwk(R"("use":7)"),
           rsa_signer().jwk(R"("alg":null)"),
           rsa_signer().jwk(R"("alg":"ES256")"),
           rsa_signer().jwk(R"("alg":"none")"),
           ec_signer().jwk(R"("alg":"RS256")"),
           ec_signer().jwk(R"("key_ops":["sign"])"),
           ec_signer().jwk(R"("key_ops":[])"),
           std::string(R"({"kty":"oct","k":"c2VjcmV0LW9mLXRoaXJ0eS10d28tYnl0ZXMtLS0tLS0"})"),
           std::string(R"({"kty":"EC","crv":"P-384","x":"AA","y":"AA"})"),
           std::string(R"({"kty":"OKP","crv":"Ed25519","x":"AA"})"),
           std::string(R"({})"),
       }) {
    EXPECT_EQ(count(jwks({other, rsa})), 1U) << other;
    EXPECT_EQ(problem_of(parse_public_keys(jwks({other}))),
              "has no key for RS256 or ES256 signatures");
  }
  EXPECT_EQ(count(jwks({rsa, ec_signer().jwk(R"("key_ops":["verify","x"])")})), 2U);
}

TEST(Jwks, FaultsNameTheKey) {
  const std::string good = ec_signer().jwk();
  const std::string cases[][2] = {
      {rsa_signer().jwk(R"("d":"AQAB")"), "has a private part; only public keys belong here"},
      {rsa_signer().jwk(R"("kid":7)"), "has a 'kid' that is no text"},
      {Signer::rsa(1024).jwk(), "is an RSA key of 1024 bits; the least is 2048"},
      {R"({"kty":"RSA","e":"AQAB"})", "has no number 'n' in base64url"},
      {R"({"kty":"RSA","e":"AQAB","n":"A+"})", "has no number 'n' in base64url"},
      {R"({"kty":"RSA","n":"AQAB","e":"A=B"})", "has no number 'e' in base64url"},
      {R"({"kty":"EC","crv":"P-256","x":"AAA=AAAA","y":"AAAA"})", "has no number 'x' in base64url"},
      {R"({"kty":"EC","crv":"P-256","x":"AAAA","y":"A=AA"})", "has no number 'y' in base64url"},
      {R"({"kty":"RSA","e":"AQAB","n":""})", "is an RSA key of 0 bits; the least is 2048"},
      {R"({"kty":"EC","crv":"P-256","x":"AA","y":"AA"})", "cannot be used"},
      {R"({"kty":"EC","crv":"P-256"})", "has no number 'x' in base64url"},
      {R"("EC")", "is no object"},
      {R"(null)", "is no object"},
  };
  for (const auto& [key, reason] : cases) {
    EXPECT_EQ(problem_of(parse_public_keys(jwks({good, key}))), "keys[1] " + reason) << key;
  }
}

TEST(Jwks, AKeyThatIsNotOnItsCurveIsRefused) {
  std::string y(32, '\0');
  y.back() = 1;
  EXPECT_EQ(problem_of(parse_public_keys(jwks({R"({"kty":"EC","crv":"P-256","x":")" + base64url(y) +
                                               R"(","y":")" + base64url(y) + "\"}"}))),
            "keys[0] cannot be used");
}

TEST(Jwks, LeadingZerosDoNotMakeAKeyLonger) {
  const std::string small = Signer::rsa(1024).jwk();
  const std::string padded = R"({"kty":"RSA","n":")" + base64url(std::string(255, '\0')) +
                             small.substr(small.find("\"n\":\"") + 5);
  EXPECT_EQ(problem_of(parse_public_keys(jwks({padded}))),
            "keys[0] is an RSA key of 1024 bits; the least is 2048");
}

TEST(Jwks, IsAnObjectWithAList) {
  EXPECT_EQ(problem_of(parse_public_keys("{")), "is no JSON object");
  EXPECT_EQ(problem_of(parse_public_keys("{}")), "has no list 'keys'");
  EXPECT_EQ(problem_of(parse_public_keys(R"({"keys":{}})")), "has no list 'keys'");
  EXPECT_EQ(problem_of(parse_public_keys(R"({"keys":[]})")),
            "has no key for RS256 or ES256 signatures");
  EXPECT_EQ(problem_of(parse_public_keys(R"({"keys":[],"keys":[]})")), "is no JSON object");
}

TEST(Keys, AnExponentWithWhichNothingIsProvenIsRefused) {
  const std::string cases[][2] = {
      {"0", "is less than 3"},
      {"1", "is less than 3"},
      {"2", "is even"},
      {"10000", "is even"},
      {"8000000000000000", "is even"},
      {"10000000000000001", "has more than 64 bits"},
      {"3", ""},
      {"10001", ""},
      {"8000000000000001", ""},
  };
  for (const auto& [exponent, reason] : cases) {
    const Signer signer = rsa_signer().with_exponent(exponent.c_str());
    if (reason.empty()) {
      EXPECT_EQ(count(signer.public_pem()), 1U) << exponent;
      EXPECT_EQ(count(jwks({signer.jwk()})), 1U) << exponent;
      continue;
    }
    EXPECT_EQ(problem_of(parse_public_keys(signer.public_pem())),
              "block 1 is an RSA key whose exponent " + reason);
    EXPECT_EQ(problem_of(parse_public_keys(jwks({signer.jwk()}))),
              "keys[0] is an RSA key whose exponent " + reason);
  }
}

// With zeros in front of it 1 is still 1.
TEST(Jwks, LeadingZerosDoNotMakeAnExponentLarger) {
  const std::string good = rsa_signer().jwk();
  const std::string n = good.substr(0, good.find("\"e\":"));
  const std::string one = n + R"("e":")" + base64url(std::string("\0\0\1", 3)) + "\"}";
  EXPECT_EQ(problem_of(parse_public_keys(jwks({one}))),
            "keys[0] is an RSA key whose exponent is less than 3");
  EXPECT_EQ(problem_of(parse_public_keys(jwks({n + R"("e":""})"}))),
            "keys[0] is an RSA key whose exponent is less than 3");
}

TEST(Keys, TheirNumberIsBounded) {
  const std::string pem = ec_signer().public_pem();
  std::string most;
  std::string list = R"({"kty":"oct"})";
  for (std::size_t i = 0; i < kKeysMax; ++i) most += pem;
  for (std::size_t i = 1; i < kKeysMax; ++i) list += "," + ec_signer().jwk();
  EXPECT_EQ(count(most), kKeysMax);
  EXPECT_EQ(problem_of(parse_public_keys(most + pem)), "has more than 100 keys");
  EXPECT_EQ(count(R"({"keys":[)" + list + "]}"), kKeysMax - 1);
  EXPECT_EQ(problem_of(parse_public_keys(R"({"keys":[)" + list + ",{}]}")),
            "has more than 100 keys");
}

RC_GTEST_PROP(Keys, AnyTextIsAnswered, (const std::string& text)) {
  const auto parsed = parse_public_keys(text);
  if (const auto* keys = std::get_if<Keys>(&parsed)) RC_ASSERT(!keys->empty());
}

}  // namespace
}  // namespace crier::services::credentials
