#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace crier::services::logging {

// Text from outside, made safe for a terminal, for one line of a log and for the inside of a JSON
// string: valid UTF-8 without quotes, control characters, line separators or characters that turn
// the direction of writing; those become JSON escapes, bytes that are not UTF-8 become U+FFFD. The
// result has at most `bytes_max` bytes; what was cut is marked by "..." (REQUIRES: bytes_max >= 3).
[[nodiscard]] std::string escape(std::string_view text, std::size_t bytes_max = 128);

// Whether text is UTF-8 that can be shown as it is: without control characters, line separators or
// characters that turn the direction of writing. Quotes are fine.
[[nodiscard]] bool is_printable(std::string_view text);

}  // namespace crier::services::logging
