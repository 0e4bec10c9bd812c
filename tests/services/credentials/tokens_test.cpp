#include "services/credentials/tokens.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace crier::services::credentials {
namespace {

using dataplane::AuthProblem;
using dataplane::Identity;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

constexpr std::string_view kToken = "correct-horse-battery";

Tokens tokens_of(std::string_view text) {
  return std::get<Tokens>(Tokens::parse(text));
}

std::string problem_of(std::string_view text) {
  const auto parsed = Tokens::parse(text);
  const auto* problem = std::get_if<Problem>(&parsed);
  EXPECT_NE(problem, nullptr) << "accepted";
  return problem == nullptr ? "" : problem->text;
}

AuthProblem refusal_of(const Tokens& tokens, std::string_view token) {
  return std::get<AuthProblem>(tokens.find(token));
}

std::string line_with(std::string_view token) {
  return "meter-7 " + std::string(token) + "\n";
}

TEST(Tokens, SayWhoHoldsOne) {
  const Tokens tokens = tokens_of(
      "# meters\n"
      "meter-7 correct-horse-battery\n"
      "\n"
      "  meter-8\tanother-secret-token site=north  unit=kWh=1 note=\r\n"
      "z\xc3\xa4hler-9 a-third-secret-token");
  const auto seven = std::get<Identity>(tokens.find(kToken));
  EXPECT_EQ(seven.subject, "meter-7");
  EXPECT_TRUE(seven.labels.empty());
  EXPECT_FALSE(seven.expires.has_value());
  const auto eight = std::get<Identity>(tokens.find("another-secret-token"));
  EXPECT_EQ(eight.subject, "meter-8");
  EXPECT_THAT(eight.labels,
              ElementsAre(Pair("site", "north"), Pair("unit", "kWh=1"), Pair("note", "")));
  EXPECT_EQ(std::get<Identity>(tokens.find("a-third-secret-token")).subject, "z\xc3\xa4hler-9");
}

TEST(Tokens, OneSubjectMayHaveSeveral) {
  const Tokens tokens = tokens_of("a the-old-secret-token\na the-new-secret-token\n");
  EXPECT_EQ(std::get<Identity>(tokens.find("the-old-secret-token")).subject, "a");
  EXPECT_EQ(std::get<Identity>(tokens.find("the-new-secret-token")).subject, "a");
}

TEST(Tokens, AnyOtherTokenIsRefused) {
  const Tokens tokens = tokens_of(line_with(kToken));
  EXPECT_EQ(refusal_of(tokens, "wrong-horse-battery"), AuthProblem::kUnknown);
  EXPECT_EQ(refusal_of(tokens, std::string(kToken) + "\n"), AuthProblem::kUnknown);
  EXPECT_EQ(refusal_of(tokens, std::string(kToken) + '\0'), AuthProblem::kUnknown);
  EXPECT_EQ(refusal_of(tokens, ""), AuthProblem::kMalformed);
  EXPECT_EQ(refusal_of(tokens, "meter-7"), AuthProblem::kMalformed);
  EXPECT_EQ(refusal_of(tokens, std::string(4097, 'x')), AuthProblem::kMalformed);
  for (std::size_t size = 0; size < kToken.size(); ++size) {
    EXPECT_TRUE(std::holds_alternative<AuthProblem>(tokens.find(kToken.substr(0, size)))) << size;
  }
}

TEST(Tokens, FaultsNameTheLineAndQuoteNothing) {
  const std::string good = line_with("a-secret-that-is-good");
  const std::string long_text(257, 'x');
  const std::string cases[][2] = {
      {"meter-8", "has no token behind the subject"},
      {"meter-8 short", "the token has 5 characters; the least is 16"},
      {"meter-8 " + std::string(4097, 'x'), "the token has 4097 characters; the most is 4096"},
      {"meter-8 t\xc3\xb6ken-that-is-long", "the token must be printable ASCII"},
      {"meter-8 token\x7fthat-is-long", "the token must be printable ASCII"},
      {long_text + " a-secret-of-its-own", "the subject must be printable UTF-8 of at most 256"},
      {"me\x1bter a-secret-of-its-own", "the subject must be printable UTF-8"},
      {"me\xfft a-secret-of-its-own", "the subject must be printable UTF-8"},
      {"meter-8 a-secret-of-its-own north", "label 1 is not NAME=VALUE"},
      {"meter-8 a-secret-of-its-own a=1 =2", "label 2 must be printable UTF-8, with a name"},
      {"meter-8 a-secret-of-its-own a=" + long_text, "label 1 must be"},
      {"meter-8 a-secret-of-its-own " + long_text + "=a", "label 1 must be"},
      {"meter-8 a-secret-of-its-own a=\x1b", "label 1 must be"},
      {"meter-8 a-secret-of-its-own a=1 b=2 a=3", "label 3 has the name of one before it"},
      {"meter-8 a-secret-that-is-good", "the token is that of a line before it too"},
  };
  for (const auto& [line, reason] : cases) {
    const std::string problem = problem_of(good + "# comment\n" + line + "\n");
    EXPECT_THAT(problem, ::testing::StartsWith("line 3: ")) << line;
    EXPECT_THAT(problem, HasSubstr(reason));
    EXPECT_THAT(problem, Not(HasSubstr("secret")));
    EXPECT_THAT(problem, Not(HasSubstr("short")));
    EXPECT_THAT(problem, Not(HasSubstr("xxx")));
  }
}

TEST(Tokens, LabelsAreBounded) {
  std::string line = "a " + std::string(kToken);
  for (int i = 0; i < 16; ++i) line += " l" + std::to_string(i) + "=v";
  EXPECT_EQ(std::get<Identity>(tokens_of(line).find(kToken)).labels.size(), 16U);
  EXPECT_EQ(problem_of(line + " more=v"), "line 1: has more than 16 labels");
}

TEST(Tokens, BoundsAreReachable) {
  for (const std::size_t size : {Tokens::kTokenBytesMin, Tokens::kTokenBytesMax}) {
    const std::string token(size, 't');
    EXPECT_TRUE(std::holds_alternative<Identity>(tokens_of(line_with(token)).find(token)));
  }
}

TEST(Tokens, LinesAreBounded) {
  const std::string most = line_with(kToken) + std::string(Tokens::kLinesMax - 1, '\n');
  EXPECT_TRUE(std::holds_alternative<Identity>(tokens_of(most).find(kToken)));
  EXPECT_EQ(problem_of(most + "\n"), "has more than 100000 lines");
}

TEST(Tokens, ATextWithoutAnyIsFaulty) {
  for (const char* text : {"", "\n", "# nobody\n", "   \n\t\n"}) {
    EXPECT_EQ(problem_of(text), "holds no token") << text;
  }
}

RC_GTEST_PROP(Tokens, HoldForNothingButThemselves, (const std::string& token)) {
  static const Tokens tokens = tokens_of(line_with(kToken));
  RC_ASSERT(std::holds_alternative<Identity>(tokens.find(token)) == (token == kToken));
}

RC_GTEST_PROP(Tokens, AnyTextIsAnswered, (const std::string& text)) {
  const auto parsed = Tokens::parse(text);
  if (const auto* problem = std::get_if<Problem>(&parsed)) {
    RC_ASSERT(!problem->text.empty());
  }
}

}  // namespace
}  // namespace crier::services::credentials
