#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "services/control/access/role.hpp"
#include "services/credentials/token_bytes_min.hpp"

namespace crier::services::control {

// Who may call what, read from text: a line for each caller, of words separated by spaces or tabs.
//
//   ROLE token NAME TOKEN   who shows TOKEN is NAME
//   ROLE subject SUBJECT    who shows a certificate of SUBJECT (RFC 2253 text, the line's rest)
//   # a comment; empty lines are skipped
//
// A name may stand in several lines with the same role, so that a token can be replaced without a
// moment at which neither the old nor the new one holds. A token or a subject may stand in one line
// only. Of tokens only their SHA-256 is kept. Immutable after parsing: any thread.
class Roles final {
 public:
  static constexpr std::size_t kTextBytesMax = 1U << 20U;
  static constexpr std::size_t kCallersMax = 1'000;  // bounds what one call can cost
  static constexpr std::size_t kNameBytesMax = 64;
  static constexpr std::size_t kTokenBytesMin = credentials::kSharedTokenBytesMin;
  static constexpr std::size_t kTokenBytesMax = 1'024;
  static constexpr std::size_t kSubjectBytesMax = 1'024;

  struct Caller {
    Role role = Role::kRead;
    std::string name;  // NAME or SUBJECT
  };

  // Why a text makes no sense. The sentence never holds a word of the text, which could be a token
  // in the wrong place.
  struct Problem {
    std::size_t line = 0;  // from 1; 0: the text as a whole
    std::string reason;
  };

  [[nodiscard]] static std::variant<Roles, Problem> parse(std::string_view text);

  // Null where nobody has this token. Takes the same time for every token of one length.
  [[nodiscard]] const Caller* by_token(std::string_view token) const;
  // Null where nobody has this subject.
  [[nodiscard]] const Caller* by_subject(std::string_view subject) const;

  [[nodiscard]] std::size_t size() const { return tokens_.size() + subjects_.size(); }

 private:
  using Digest = std::array<std::uint8_t, 32>;

  struct Token {
    Digest digest;
    Caller caller;
  };

  // Each returns what is wrong with its line; empty: nothing, and the caller is known.
  std::string_view add_line(std::string_view line);
  std::string_view add_token(Role role, std::string_view rest);
  std::string_view add_subject(Role role, std::string_view rest);

  std::vector<Token> tokens_;
  std::map<std::string, Caller, std::less<>> subjects_;
};

}  // namespace crier::services::control
