#include "tests/services/credentials/foreign_tokens.hpp"

#include "tests/services/credentials/jwt_fixture.hpp"

namespace crier::services::credentials {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

const ClaimRules kRules{
    .audience = "crier", .issuer = "https://login.example", .label_claims = {"site", "floor"}};

void expect_meter_7(const dataplane::Authenticator::Outcome& outcome) {
  ASSERT_EQ(answer_to(outcome), "meter-7");
  const auto& identity = std::get<dataplane::Identity>(outcome);
  EXPECT_THAT(identity.labels, ElementsAre(Pair("site", "north"), Pair("floor", "3")));
  EXPECT_EQ(identity.expires, kNow + std::chrono::hours(1));
}

TEST(ForeignTokens, AreUnderstood) {
  expect_meter_7(
      jwt_with(std::get<Keys>(parse_secret(kForeignSecret)), kRules).check(kForeignHs256));
  const Jwt set = jwt_with_keys(kForeignJwks, kRules);
  expect_meter_7(set.check(kForeignRs256));
  expect_meter_7(set.check(kForeignEs256));
  expect_meter_7(jwt_with_keys(kForeignRsaPem, kRules).check(kForeignRs256));
  expect_meter_7(jwt_with_keys(kForeignEcPem, kRules).check(kForeignEs256));
}

TEST(ForeignTokens, HoldForTheirKeysAlone) {
  const Jwt own = jwt_with_keys(rsa_signer().public_pem() + ec_signer().public_pem(), kRules);
  EXPECT_EQ(answer_to(own.check(kForeignRs256)), "(bad signature)");
  EXPECT_EQ(answer_to(own.check(kForeignEs256)), "(bad signature)");
  EXPECT_EQ(answer_to(jwt_with_secret(kRules).check(kForeignHs256)), "(bad signature)");
}

}  // namespace
}  // namespace crier::services::credentials
