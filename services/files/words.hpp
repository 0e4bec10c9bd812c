#pragma once

#include <algorithm>
#include <string_view>

// Texts of lines of words, such as the files that name tokens.
namespace crier::services::files {

inline constexpr std::string_view kBlanks = " \t";

// Without the blanks around it.
[[nodiscard]] inline std::string_view trim(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

// Takes the first line off `text`; its end, LF or CR LF, is not part of it.
[[nodiscard]] inline std::string_view take_line(std::string_view& text) {
  std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(line.size() + 1, text.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// Takes the first word off `rest`, and the blanks around it; empty when there is none.
[[nodiscard]] inline std::string_view take_word(std::string_view& rest) {
  const auto skip_blanks = [&rest] {
    rest.remove_prefix(std::min(rest.find_first_not_of(kBlanks), rest.size()));
  };
  skip_blanks();
  const std::string_view word = rest.substr(0, rest.find_first_of(kBlanks));
  rest.remove_prefix(word.size());
  skip_blanks();
  return word;
}

}  // namespace crier::services::files
