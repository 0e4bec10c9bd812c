#include "services/control/access/roles.hpp"

#include <gtest/gtest.h>

#include <string>

#include "services/control/access/roles_file.hpp"

namespace crier::services::control {
namespace {

const std::string kToken = "0123456789abcdef";
const std::string kOther = "fedcba9876543210";

Roles good(std::string_view text) {
  auto parsed = Roles::parse(text);
  if (const auto* problem = std::get_if<Roles::Problem>(&parsed)) {
    ADD_FAILURE() << problem->line << ": " << problem->reason;
    return {};
  }
  return std::get<Roles>(std::move(parsed));
}

// "LINE: reason", or "" with a failure where the text was accepted.
std::string refusal(std::string_view text) {
  const auto parsed = Roles::parse(text);
  const auto* problem = std::get_if<Roles::Problem>(&parsed);
  if (problem == nullptr) {
    ADD_FAILURE() << "accepted";
    return "";
  }
  return std::to_string(problem->line) + ": " + problem->reason;
}

std::string lines(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += "read subject CN=" + std::to_string(i) + "\n";
  return text;
}

TEST(Roles, KnowsCallersByTokenAndBySubject) {
  const Roles roles =
      good("read token dash " + kToken + "\n\n  # who pushes\r\n\tpublish\ttoken  feed " + kOther +
           "  \r\nadmin subject O=crier, Inc.,CN=ops team \n");
  ASSERT_EQ(roles.size(), 3U);
  ASSERT_NE(roles.by_token(kToken), nullptr);
  EXPECT_EQ(roles.by_token(kToken)->name, "dash");
  EXPECT_EQ(roles.by_token(kToken)->role, Role::kRead);
  ASSERT_NE(roles.by_token(kOther), nullptr);
  EXPECT_EQ(roles.by_token(kOther)->role, Role::kPublish);
  ASSERT_NE(roles.by_subject("O=crier, Inc.,CN=ops team"), nullptr);
  EXPECT_EQ(roles.by_subject("O=crier, Inc.,CN=ops team")->role, Role::kAdmin);
  EXPECT_EQ(roles.by_subject("O=crier, Inc.,CN=ops team")->name, "O=crier, Inc.,CN=ops team");
}

TEST(Roles, KnowNobodyElse) {
  const Roles roles = good("read token dash " + kToken + "\nadmin subject CN=ops\n");
  EXPECT_EQ(roles.by_token(kOther), nullptr);
  EXPECT_EQ(roles.by_token(""), nullptr);
  EXPECT_EQ(roles.by_token(kToken.substr(1)), nullptr);
  EXPECT_EQ(roles.by_token(kToken + "0"), nullptr);
  EXPECT_EQ(roles.by_token("CN=ops"), nullptr);
  EXPECT_EQ(roles.by_subject(kToken), nullptr);
  EXPECT_EQ(roles.by_subject("CN=op"), nullptr);
  EXPECT_EQ(roles.by_subject("cn=ops"), nullptr);
}

TEST(Roles, LetATokenBeReplacedWhileBothHold) {
  const Roles roles = good("publish token feed " + kToken + "\npublish token feed " + kOther);
  EXPECT_EQ(roles.by_token(kToken)->name, "feed");
  EXPECT_EQ(roles.by_token(kOther)->name, "feed");
}

TEST(Roles, SayWhichLineMakesNoSenseAndWhy) {
  EXPECT_EQ(refusal("# one\nwrite token x " + kToken), "2: must begin with read, publish or admin");
  EXPECT_EQ(refusal("READ token x " + kToken), "1: must begin with read, publish or admin");
  EXPECT_EQ(refusal("read"), "1: must have 'token' or 'subject' after the role");
  EXPECT_EQ(refusal("read tokens x " + kToken), "1: must have 'token' or 'subject' after the role");
  EXPECT_EQ(refusal("\n\nread token"),
            "3: has no name of 1 to 64 letters, digits, '_', '-' or '.'");
  EXPECT_EQ(refusal("read token a/b " + kToken),
            "1: has no name of 1 to 64 letters, digits, '_', '-' or '.'");
  EXPECT_EQ(refusal("read token " + kToken), "1: has a name, but no token after it");
  EXPECT_EQ(refusal("read token x " + kToken + " # mine"), "1: has something after the token");
  EXPECT_EQ(refusal("read token x 0123456789abcde*"),
            "1: has a token with other characters than A-Z a-z 0-9 - . _ ~ + / =");
  EXPECT_EQ(refusal("read subject"), "1: has no subject");
  EXPECT_EQ(refusal("read subject CN=\xc3\xa4"),
            "1: has a subject with other characters than printable ASCII");
}

TEST(Roles, RefuseWhatIsSaidTwice) {
  EXPECT_EQ(refusal("read token x " + kToken + "\nread token y " + kToken),
            "2: has the token of an earlier line");
  EXPECT_EQ(refusal("read token x " + kToken + "\nadmin token x " + kOther),
            "2: has the name of an earlier line, but another role");
  EXPECT_EQ(refusal("read subject CN=x\nadmin subject CN=x\n"),
            "2: has the subject of an earlier line");
}

TEST(Roles, RefuseATextThatNamesNobody) {
  EXPECT_EQ(refusal(""), "0: names nobody, so nobody could call anything");
  EXPECT_EQ(refusal("# nobody\n"), "0: names nobody, so nobody could call anything");
}

TEST(Roles, AreBounded) {
  const auto with_token = [](std::size_t characters) {
    return "read token x " + std::string(characters, 't');
  };
  EXPECT_EQ(refusal(with_token(15)), "1: has a token of less than 16 characters");
  EXPECT_EQ(good(with_token(16)).size(), 1U);
  EXPECT_EQ(good(with_token(1024)).size(), 1U);
  EXPECT_EQ(refusal(with_token(1025)), "1: has a token of more than 1024 characters");
  EXPECT_EQ(good("read token " + std::string(64, 'n') + " " + kToken).size(), 1U);
  EXPECT_EQ(refusal("read token " + std::string(65, 'n') + " " + kToken),
            "1: has no name of 1 to 64 letters, digits, '_', '-' or '.'");
  EXPECT_EQ(good("read subject " + std::string(1024, 's')).size(), 1U);
  EXPECT_EQ(refusal("read subject " + std::string(1025, 's')),
            "1: has a subject of more than 1024 characters");
  EXPECT_EQ(good(lines(1000)).size(), 1000U);
  EXPECT_EQ(refusal(lines(1001)), "1001: is one caller more than 1000");
  EXPECT_EQ(refusal(std::string(Roles::kTextBytesMax + 1, '\n')), "0: is larger than 1MiB");
  EXPECT_EQ(good("read subject x" + std::string(Roles::kTextBytesMax - 14, '\n')).size(), 1U);
}

TEST(Roles, AreNeededAsTheApiSays) {
  EXPECT_EQ(role_needed(Method::kListClients), Role::kRead);
  EXPECT_EQ(role_needed(Method::kGetClient), Role::kRead);
  EXPECT_EQ(role_needed(Method::kListNodes), Role::kRead);
  EXPECT_EQ(role_needed(Method::kBroadcast), Role::kPublish);
  EXPECT_EQ(role_needed(Method::kBroadcastStream), Role::kPublish);
  EXPECT_EQ(role_needed(Method::kDisconnect), Role::kAdmin);
  EXPECT_EQ(role_needed(static_cast<Method>(kMethods)), Role::kAdmin) << "one added later";
}

}  // namespace
}  // namespace crier::services::control
