#include "services/credentials/authenticators.hpp"

#include <atomic>
#include <thread>

#include "services/credentials/tokens.hpp"
#include "tests/services/credentials/jwt_fixture.hpp"
#include "tests/services/credentials/temporary_folder.hpp"

namespace crier::services::credentials {
namespace {

using dataplane::Identity;
using ::testing::ElementsAre;
using ::testing::Pair;
using v1::Config;

constexpr std::string_view kToken = "correct-horse-battery";

class AuthenticatorsTest : public ::testing::Test {
 protected:
  void make(Config::AuthMethod method) {
    auth_.set_method(method);
    authenticator_ = make_authenticator(auth_, [] { return kNow; });
    ASSERT_NE(authenticator_, nullptr);
  }

  void make_with_tokens(std::string_view text) {
    auth_.set_tokens_file(folder_.write("tokens", text));
    make(Config::AUTH_METHOD_TOKEN);
  }

  void reload() { EXPECT_EQ(authenticator_->reload(), std::nullopt); }

  std::string answer(std::string_view token) {
    return answer_to(authenticator_->check_token(token));
  }

  const TemporaryFolder folder_;
  Config::ListenerAuth auth_;
  std::shared_ptr<ListenerAuthenticator> authenticator_;
};

TEST_F(AuthenticatorsTest, NobodyIsAskedWhereNothingIsAskedFor) {
  auth_.set_method(Config::AUTH_METHOD_NONE);
  EXPECT_EQ(make_authenticator(auth_), nullptr);
}

TEST_F(AuthenticatorsTest, EverybodyIsRefusedBeforeTheFilesWereRead) {
  make_with_tokens("meter-7 correct-horse-battery\n");
  EXPECT_EQ(answer(kToken), "(unknown)");
  reload();
  EXPECT_EQ(answer(kToken), "meter-7");
}

TEST_F(AuthenticatorsTest, FilesAreThoseOfTheMethod) {
  auth_.set_tokens_file("/tokens");
  make(Config::AUTH_METHOD_TOKEN);
  EXPECT_THAT(authenticator_->files(), ElementsAre("/tokens"));
  auth_.set_keys_file("/keys");
  make(Config::AUTH_METHOD_JWT);
  EXPECT_THAT(authenticator_->files(), ElementsAre("/keys"));
  auth_.set_secret_file("/secret");
  make(Config::AUTH_METHOD_JWT);
  EXPECT_THAT(authenticator_->files(), ElementsAre("/secret"));
  make(Config::AUTH_METHOD_CERTIFICATE);
  EXPECT_THAT(authenticator_->files(), ElementsAre());
}

TEST_F(AuthenticatorsTest, WhatIsReadAgainHoldsFromThenOn) {
  make_with_tokens("meter-7 correct-horse-battery\n");
  reload();
  folder_.write("tokens", "meter-8 another-secret-token\n");
  EXPECT_EQ(answer(kToken), "meter-7");
  reload();
  EXPECT_EQ(answer(kToken), "(unknown)");
  EXPECT_EQ(answer("another-secret-token"), "meter-8");
}

TEST_F(AuthenticatorsTest, ABadFileChangesNothingAndIsNamed) {
  make_with_tokens("meter-7 correct-horse-battery\n");
  reload();
  const std::string path = folder_.write("tokens", "meter-7 correct-horse-battery\nmeter-8\n");
  EXPECT_EQ(authenticator_->reload(), path + ": line 2: has no token behind the subject");
  std::filesystem::remove(path);
  EXPECT_EQ(authenticator_->reload(), path + ": cannot be read: No such file or directory");
  folder_.write("tokens", "");
  EXPECT_EQ(authenticator_->reload(), path + ": holds no token");
  EXPECT_EQ(answer(kToken), "meter-7");
}

TEST_F(AuthenticatorsTest, TheConfigurationOfJwtHolds) {
  auth_.set_secret_file(folder_.write("secret", std::string(kSecret) + "\n"));
  auth_.set_audience("crier");
  auth_.set_issuer("login");
  auth_.set_label_claims("site,floor");
  make(Config::AUTH_METHOD_JWT);
  reload();
  const auto token = [](std::string_view claims) {
    return sign_with_secret(kSecret, kHs256, claims);
  };
  const auto outcome = authenticator_->check_token(
      token(R"({"sub":"a","aud":"crier","iss":"login","floor":3,"site":"n","exp":1700000001})"));
  const auto* identity = std::get_if<Identity>(&outcome);
  ASSERT_NE(identity, nullptr);
  EXPECT_THAT(identity->labels, ElementsAre(Pair("site", "n"), Pair("floor", "3")));
  EXPECT_EQ(identity->expires, kNow + std::chrono::seconds(1));
  EXPECT_EQ(answer(token(R"({"sub":"a","aud":"x","iss":"login"})")), "(wrong audience)");
  EXPECT_EQ(answer(token(R"({"sub":"a","aud":"crier","iss":"x"})")), "(wrong issuer)");
  EXPECT_EQ(answer(token(R"({"sub":"a","exp":1700000000})")), "(expired)") << "by its clock";
}

TEST_F(AuthenticatorsTest, KeysAreRotatedByReadingThemAgain) {
  const Signer fresh = Signer::ec();
  const std::string old_key = ec_signer().jwk(R"("kid":"1")");
  const std::string new_key = fresh.jwk(R"("kid":"2")");
  const std::string old_token = ec_signer().sign(R"({"alg":"ES256","kid":"1"})", R"({"sub":"a"})");
  const std::string new_token = fresh.sign(R"({"alg":"ES256","kid":"2"})", R"({"sub":"b"})");
  auth_.set_keys_file(folder_.write("keys", jwks({old_key})));
  make(Config::AUTH_METHOD_JWT);
  reload();
  EXPECT_EQ(answer(old_token), "a");
  EXPECT_EQ(answer(new_token), "(unknown)");
  folder_.write("keys", jwks({old_key, new_key}));
  reload();
  EXPECT_EQ(answer(old_token), "a");
  EXPECT_EQ(answer(new_token), "b");
  folder_.write("keys", jwks({new_key}));
  reload();
  EXPECT_EQ(answer(old_token), "(unknown)");
  EXPECT_EQ(answer(new_token), "b");
}

TEST_F(AuthenticatorsTest, ASecretIsNoPublicKeyAndTheOtherWayRound) {
  auth_.set_keys_file(folder_.write("keys", kSecret));
  make(Config::AUTH_METHOD_JWT);
  EXPECT_EQ(authenticator_->reload(),
            folder_.path("keys") + ": is neither PEM with a PUBLIC KEY nor a JWKS");
}

TEST_F(AuthenticatorsTest, FilesAreBounded) {
  make_with_tokens(std::string(Tokens::kFileBytesMax + 1, '\n'));
  EXPECT_EQ(authenticator_->reload(), folder_.path("tokens") + ": is larger than 16777216 bytes");
  auth_.set_keys_file(folder_.write("keys", std::string(kKeysFileBytesMax + 1, ' ')));
  make(Config::AUTH_METHOD_JWT);
  EXPECT_EQ(authenticator_->reload(), folder_.path("keys") + ": is larger than 1048576 bytes");
}

TEST_F(AuthenticatorsTest, ACertificateIsItsSubject) {
  make(Config::AUTH_METHOD_CERTIFICATE);
  reload();
  const auto expires = kNow + std::chrono::hours(1);
  const auto outcome = authenticator_->check_certificate("CN=meter-7,O=Example\\, Inc.", expires);
  const auto& identity = std::get<Identity>(outcome);
  EXPECT_EQ(identity.subject, "CN=meter-7,O=Example\\, Inc.");
  EXPECT_TRUE(identity.labels.empty());
  EXPECT_EQ(identity.expires, expires);
  for (const std::string& subject : {std::string(), std::string(257, 'x'), std::string("a\x1b")}) {
    EXPECT_EQ(answer_to(authenticator_->check_certificate(subject, expires)), "(no subject)");
  }
  EXPECT_EQ(answer(kToken), "(unknown)") << "a token is no certificate";
}

TEST_F(AuthenticatorsTest, ATokenIsNoCertificate) {
  make_with_tokens("meter-7 correct-horse-battery\n");
  reload();
  EXPECT_EQ(answer_to(authenticator_->check_certificate("CN=meter-7", kNow)), "(malformed)");
}

TEST_F(AuthenticatorsTest, WhoeverAsksWhileFilesAreReadGetsOneAnswerOrTheOther) {
  make_with_tokens("old correct-horse-battery\n");
  reload();
  std::atomic<bool> done{false};
  std::atomic<int> wrong{0};
  std::atomic<int> asked{0};
  const auto ask = [&] {
    while (!done) {
      const std::string subject = answer(kToken);
      if (subject != "old" && subject != "new") ++wrong;
      ++asked;
    }
  };
  std::thread one(ask);
  std::thread other(ask);
  for (int i = 0; i < 200 || asked < 1'000; ++i) {
    folder_.write("tokens",
                  i % 2 == 0 ? "new correct-horse-battery\n" : "old correct-horse-battery\n");
    EXPECT_EQ(authenticator_->reload(), std::nullopt);
  }
  done = true;
  one.join();
  other.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace crier::services::credentials
