#include "services/logging/escape.hpp"

#include <array>
#include <cstdint>

namespace crier::services::logging {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr std::string_view kCutMark = "...";

struct CodePoint {
  std::uint32_t value = 0;
  std::size_t bytes = 0;  // 0: not UTF-8
};

// The shortest value each length may carry: anything below is an overlong spelling.
constexpr std::array<std::uint32_t, 5> kLeastOfLength = {0, 0, 0x80, 0x800, 0x10000};

std::size_t length_of(std::uint8_t lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  if (lead >= 0xF0 && lead < 0xF5) return 4;
  return 0;
}

CodePoint decode(std::string_view text) {
  const auto lead = static_cast<std::uint8_t>(text.front());
  const std::size_t length = length_of(lead);
  if (length <= 1) {
    return {lead, length};
  }
  if (text.size() < length) {
    return {};
  }
  std::uint32_t value = lead & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const auto byte = static_cast<std::uint8_t>(text[i]);
    if ((byte & 0xC0U) != 0x80U) {
      return {};
    }
    value = value << 6U | (byte & 0x3FU);
  }
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < kLeastOfLength[length] || value > 0x10FFFF || surrogate) {
    return {};
  }
  return {value, length};
}

// Characters that a terminal or a reader of lines acts upon instead of showing them.
bool is_active(std::uint32_t value) {
  const bool control = value < 0x20 || (value >= 0x7F && value <= 0x9F);
  const bool separator = value == 0x2028 || value == 0x2029;
  const bool direction = value == 0x061C || value == 0x200E || value == 0x200F ||
                         (value >= 0x202A && value <= 0x202E) ||
                         (value >= 0x2066 && value <= 0x2069);
  return control || separator || direction || value == 0xFEFF;
}

std::string hex_escape(std::uint32_t value) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out = "\\u0000";
  for (std::size_t i = 0; i < 4; ++i) {
    out[5 - i] = kDigits[value >> (4 * i) & 0xFU];
  }
  return out;
}

std::string escaped(std::uint32_t value, std::string_view original) {
  switch (value) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      return is_active(value) ? hex_escape(value) : std::string(original);
  }
}

}  // namespace

std::string escape(std::string_view text, std::size_t bytes_max) {
  std::string out;
  std::size_t cut_at = 0;  // how much of `out` leaves room for the mark
  while (!text.empty()) {
    const CodePoint point = decode(text);
    const std::size_t taken = point.bytes == 0 ? 1 : point.bytes;
    const std::string piece =
        point.bytes == 0 ? std::string(kReplacement) : escaped(point.value, text.substr(0, taken));
    if (out.size() + piece.size() > bytes_max) {
      out.resize(cut_at);
      return out.append(kCutMark);
    }
    out += piece;
    if (out.size() + kCutMark.size() <= bytes_max) {
      cut_at = out.size();
    }
    text.remove_prefix(taken);
  }
  return out;
}

bool is_printable(std::string_view text) {
  while (!text.empty()) {
    const CodePoint point = decode(text);
    if (point.bytes == 0 || is_active(point.value)) {
      return false;
    }
    text.remove_prefix(point.bytes);
  }
  return true;
}

}  // namespace crier::services::logging
