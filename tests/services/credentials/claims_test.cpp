#include "services/credentials/claims.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/services/credentials/jwt_fixture.hpp"

namespace crier::services::credentials {
namespace {

using dataplane::Identity;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::Pair;

// kNow is 1700000000.
std::string answer(std::string_view claims, const ClaimRules& rules = {},
                   std::chrono::system_clock::time_point now = kNow) {
  return answer_to(check_claims(claims, rules, now));
}

Identity identity(std::string_view claims, const ClaimRules& rules = {}) {
  return std::get<Identity>(check_claims(claims, rules, kNow));
}

TEST(Claims, HoldUntilTheyExpire) {
  EXPECT_EQ(answer(R"({"sub":"a","exp":1700000001})"), "a");
  EXPECT_EQ(answer(R"({"sub":"a","exp":1700000000})"), "(expired)");
  EXPECT_EQ(answer(R"({"sub":"a","exp":1700000000})", {}, kNow - milliseconds(1)), "a");
  EXPECT_EQ(answer(R"({"sub":"a","exp":1700000000.5})"), "a");
  EXPECT_EQ(answer(R"({"sub":"a","exp":1699999999.9})"), "(expired)");
  EXPECT_EQ(answer(R"({"sub":"a","exp":0})"), "(expired)");
  EXPECT_EQ(answer(R"({"sub":"a","exp":-1})"), "(expired)");
}

TEST(Claims, SayWhenTheyExpire) {
  EXPECT_EQ(identity(R"({"sub":"a","exp":1700000060})").expires, kNow + seconds(60));
  EXPECT_EQ(identity(R"({"sub":"a","exp":1700000060.25})").expires, kNow + milliseconds(60'250));
  EXPECT_EQ(identity(R"({"sub":"a"})").expires, std::nullopt);
  for (const char* far : {"1e300", "9223372036854775807", "1e12"}) {
    const auto expires = identity(R"({"sub":"a","exp":)" + std::string(far) + "}").expires;
    EXPECT_GT(expires, kNow + std::chrono::hours(24 * 365 * 100)) << far;
  }
}

TEST(Claims, HoldFromTheirTimeOnGiveOrTakeTheClocks) {
  EXPECT_EQ(answer(R"({"sub":"a","nbf":1700000000})"), "a");
  EXPECT_EQ(answer(R"({"sub":"a","nbf":1700000005})"), "a");
  EXPECT_EQ(answer(R"({"sub":"a","nbf":1700000005.5})"), "(not yet valid)");
  EXPECT_EQ(answer(R"({"sub":"a","nbf":1e300})"), "(not yet valid)");
  EXPECT_EQ(answer(R"({"sub":"a","iat":1700000300})"), "a") << "when it was issued is its matter";
}

TEST(Claims, TimesAreNumbers) {
  for (const char* claim : {"exp", "nbf", "iat"}) {
    for (const char* value : {"\"1800000000\"", "null", "true", "[1800000000]", "{}", "1e999"}) {
      const std::string claims =
          R"({"sub":"a",")" + std::string(claim) + "\":" + std::string(value) + "}";
      EXPECT_EQ(answer(claims), "(malformed)") << claims;
    }
  }
}

TEST(Claims, AreForTheAudience) {
  const ClaimRules rules{.audience = "crier", .issuer = "", .label_claims = {}};
  EXPECT_EQ(answer(R"({"sub":"a","aud":"crier"})", rules), "a");
  EXPECT_EQ(answer(R"({"sub":"a","aud":["x","crier"]})", rules), "a");
  for (const char* other : {R"("crier2")", R"("Crier")", R"([])", R"(["x",["crier"]])", "7", "null",
                            R"({"crier":"crier"})", R"("")"}) {
    EXPECT_EQ(answer(R"({"sub":"a","aud":)" + std::string(other) + "}", rules), "(wrong audience)")
        << other;
  }
  EXPECT_EQ(answer(R"({"sub":"a"})", rules), "(wrong audience)");
  EXPECT_EQ(answer(R"({"sub":"a","aud":"anybody"})"), "a") << "when none is asked for";
}

TEST(Claims, AreOfTheIssuer) {
  const ClaimRules rules{.audience = "", .issuer = "https://login.example", .label_claims = {}};
  EXPECT_EQ(answer(R"({"sub":"a","iss":"https://login.example"})", rules), "a");
  EXPECT_EQ(answer(R"({"sub":"a","iss":"https://login.example/"})", rules), "(wrong issuer)");
  EXPECT_EQ(answer(R"({"sub":"a","iss":["https://login.example"]})", rules), "(wrong issuer)");
  EXPECT_EQ(answer(R"({"sub":"a"})", rules), "(wrong issuer)");
}

TEST(Claims, NameASubject) {
  for (const std::string& subject :
       {std::string(R"("")"), std::string("7"), std::string("null"), std::string(R"(["a"])"),
        std::string(R"("a\nb")"), std::string(R"("\u001b[31m")"), std::string(R"("\u202e")"),
        "\"" + std::string(257, 'x') + "\""}) {
    EXPECT_EQ(answer(R"({"sub":)" + subject + "}"), "(no subject)") << subject;
  }
  EXPECT_EQ(answer(R"({"name":"a"})"), "(no subject)");
  const std::string longest(256, 'x');
  EXPECT_EQ(answer(R"({"sub":")" + longest + "\"}"), longest);
  EXPECT_EQ(answer(R"({"sub":"z\u00e4hler \"7\""})"), "z\xc3\xa4hler \"7\"");
}

TEST(Claims, BecomeLabelsWhereTheyAreAskedForAndFit) {
  const ClaimRules rules{.audience = "",
                         .issuer = "",
                         .label_claims = {"site", "floor", "load", "on", "none", "list", "object",
                                          "long", "active", "absent"}};
  const std::string claims = R"({"sub":"a","other":"x","site":"north","floor":-3,"load":0.5,)"
                             R"("on":true,"none":null,"list":["x"],"object":{"x":1},)"
                             R"("active":"\u001b","long":")" +
                             std::string(257, 'x') + "\"}";
  EXPECT_THAT(identity(claims, rules).labels,
              ElementsAre(Pair("site", "north"), Pair("floor", "-3"), Pair("load", "0.5"),
                          Pair("on", "true")));
  EXPECT_TRUE(identity(claims).labels.empty());
}

TEST(Claims, AreAnObject) {
  for (const char* claims : {"", "[]", "null", "\"a\"", R"({"sub":"a"} x)", R"({"sub":"a",})",
                             R"({"sub":"a","sub":"b"})", "{\"sub\":\"\xff\"}",
                             "{\"sub\":\"a\\u0000\"}", R"({"sub":"a","x":99999999999999999999})"}) {
    EXPECT_EQ(answer(claims), "(malformed)") << claims;
  }
}

RC_GTEST_PROP(Claims, AnyTextIsAnswered, (const std::string& text)) {
  const auto outcome = check_claims(text, {}, kNow);
  if (const auto* found = std::get_if<Identity>(&outcome)) {
    RC_ASSERT(!found->subject.empty());
  }
}

}  // namespace
}  // namespace crier::services::credentials
