#include "services/credentials/token_line.hpp"

#include <algorithm>
#include <string>

#include "services/credentials/identity_text.hpp"
#include "services/credentials/tokens.hpp"
#include "services/files/words.hpp"

namespace crier::services::credentials {
namespace {

using dataplane::Identity;
using files::take_word;

bool is_visible_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

std::optional<Problem> bad_token(std::string_view token) {
  if (token.empty()) return Problem{"has no token behind the subject"};
  const std::string size = "the token has " + std::to_string(token.size()) + " characters; ";
  if (token.size() < Tokens::kTokenBytesMin) {
    return Problem{size + "the least is " + std::to_string(Tokens::kTokenBytesMin)};
  }
  if (token.size() > Tokens::kTokenBytesMax) {
    return Problem{size + "the most is " + std::to_string(Tokens::kTokenBytesMax)};
  }
  if (!is_visible_ascii(token)) return Problem{"the token must be printable ASCII"};
  return std::nullopt;
}

std::optional<Problem> add_label(std::string_view word, Identity& identity) {
  const std::string which = "label " + std::to_string(identity.labels.size() + 1);
  const std::size_t equals = word.find('=');
  if (equals == std::string_view::npos) return Problem{which + " is not NAME=VALUE"};
  if (identity.labels.size() == Identity::kLabelsMax) {
    return Problem{"has more than " + std::to_string(Identity::kLabelsMax) + " labels"};
  }
  const std::string_view name = word.substr(0, equals);
  const std::string_view value = word.substr(equals + 1);
  if (!is_label_name(name) || !is_label_value(value)) {
    return Problem{which + " must be printable UTF-8, with a name and a value of at most " +
                   std::to_string(Identity::kLabelBytesMax) + " bytes each"};
  }
  const auto same = [&](const auto& label) { return label.first == name; };
  if (std::any_of(identity.labels.begin(), identity.labels.end(), same)) {
    return Problem{which + " has the name of one before it"};
  }
  identity.labels.emplace_back(name, value);
  return std::nullopt;
}

}  // namespace

std::variant<std::optional<TokenLine>, Problem> parse_token_line(std::string_view line) {
  const std::string_view subject = take_word(line);
  if (subject.empty() || subject.front() == '#') return std::nullopt;
  if (!is_subject(subject)) {
    return Problem{"the subject must be printable UTF-8 of at most " +
                   std::to_string(Identity::kSubjectBytesMax) + " bytes"};
  }
  TokenLine parsed;
  parsed.identity.subject = subject;
  parsed.token = take_word(line);
  if (auto problem = bad_token(parsed.token)) return *problem;
  for (auto word = take_word(line); !word.empty(); word = take_word(line)) {
    if (auto problem = add_label(word, parsed.identity)) return *problem;
  }
  return parsed;
}

}  // namespace crier::services::credentials
