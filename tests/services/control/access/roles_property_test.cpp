#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

#include "services/control/access/roles.hpp"

namespace crier::services::control {
namespace {

// Text that goes some way into the parser before it goes wrong.
rc::Gen<std::string> likely_text() {
  const auto word = rc::gen::weightedOneOf<std::string>({
      {6,
       rc::gen::element<std::string>("read", "publish", "admin", "token", "subject", "name", "#")},
      {3, rc::gen::element<std::string>(" ", "\t", "\n", "\r\n")},
      {2, rc::gen::container<std::string>(20, rc::gen::inRange<char>('!', '~'))},
      {1, rc::gen::arbitrary<std::string>()},
  });
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(word),
                      [](const std::vector<std::string>& words) {
                        std::string text;
                        for (const std::string& each : words) text += each + " ";
                        return text;
                      });
}

// The sentences are ours alone: whatever is in the text, each is one of a closed list.
void require_own_words(const std::string& reason) {
  for (const char c : reason) RC_ASSERT(c >= ' ' && c <= '~');
  RC_ASSERT(reason.size() < 100U);
  RC_ASSERT(reason.starts_with("has ") || reason.starts_with("must ") ||
            reason.starts_with("is ") || reason.starts_with("names "));
}

RC_GTEST_PROP(RolesProperty, AnyTextIsReadOrRefusedInOurOwnWords, ()) {
  const auto parsed =
      Roles::parse(*rc::gen::oneOf(rc::gen::arbitrary<std::string>(), likely_text()));
  if (const auto* problem = std::get_if<Roles::Problem>(&parsed)) {
    require_own_words(problem->reason);
  } else {
    RC_ASSERT(std::get<Roles>(parsed).size() > 0U);
  }
}

// A token in any place where it does not belong must not come back in the sentence.
RC_GTEST_PROP(RolesProperty, NoErrorRepeatsAToken, ()) {
  const std::string token =
      *rc::gen::container<std::string>(24, rc::gen::element('Q', 'W', 'X', '7', '*', '_'));
  const std::string line = *rc::gen::element<std::string>(
      "T", "T T", "read T", "read T x", "read token T", "read token T T", "read token n T",
      "read token n T T", "read subject", "admin T T T");
  std::string text;
  for (const char c : line) text += c == 'T' ? token : std::string(1, c);
  const auto parsed = Roles::parse(text + "\n" + text);
  const auto* problem = std::get_if<Roles::Problem>(&parsed);
  RC_ASSERT(problem != nullptr);
  RC_ASSERT(problem->reason.find(token) == std::string::npos);
}

RC_GTEST_PROP(RolesProperty, ATokenIsKnownByAllItsCharactersAndNoOthers, ()) {
  const auto letters = rc::gen::element('a', 'b', 'A', '0', '-', '=', '/', '+', '~', '.', '_');
  const auto tokens = *rc::gen::suchThat(
      rc::gen::unique<std::vector<std::string>>(rc::gen::container<std::string>(18, letters)),
      [](const auto& all) { return all.size() > 1; });
  std::string text;
  for (std::size_t i = 1; i < tokens.size(); ++i) {
    text += "read token n" + std::to_string(i) + " " + tokens[i] + "\n";
  }
  const auto parsed = Roles::parse(text);
  const Roles& roles = std::get<Roles>(parsed);
  for (std::size_t i = 1; i < tokens.size(); ++i) {
    RC_ASSERT(roles.by_token(tokens[i])->name == "n" + std::to_string(i));
  }
  RC_ASSERT(roles.by_token(tokens[0]) == nullptr);
}

}  // namespace
}  // namespace crier::services::control
