#include "services/crierctl/escape.hpp"

#include <cstddef>
#include <cstdint>

namespace crier::services::crierctl {
namespace {

bool is_continuation(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

// Bytes of the printable UTF-8 character above ASCII that `bytes` starts with; 0: there is none.
std::size_t utf8_length(std::string_view bytes) {
  const auto first = static_cast<unsigned char>(bytes[0]);
  std::size_t length = 0;
  std::uint32_t code = 0;
  std::uint32_t code_min = 0;
  if ((first & 0xE0U) == 0xC0U) {
    length = 2, code = first & 0x1FU, code_min = 0xA0;  // below: C1 controls, or overlong
  } else if ((first & 0xF0U) == 0xE0U) {
    length = 3, code = first & 0x0FU, code_min = 0x800;
  } else if ((first & 0xF8U) == 0xF0U) {
    length = 4, code = first & 0x07U, code_min = 0x10000;
  }
  if (length == 0 || bytes.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if (!is_continuation(bytes[i])) return 0;
    code = code << 6U | (static_cast<unsigned char>(bytes[i]) & 0x3FU);
  }
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  // Marks that turn the direction of text could make a line read as another.
  const bool direction = code == 0x200E || code == 0x200F || (code >= 0x2028 && code <= 0x202E) ||
                         (code >= 0x2066 && code <= 0x2069);
  return code < code_min || code > 0x10FFFF || surrogate || direction ? 0 : length;
}

void append_escape(std::string& out, char byte) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  switch (byte) {
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    case '\\':
      out += "\\\\";
      return;
    default:
      break;
  }
  const auto value = static_cast<unsigned char>(byte);
  out += "\\x";
  out += kHex[value >> 4U];
  out += kHex[value & 0xFU];
}

}  // namespace

std::string escaped(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  while (!bytes.empty()) {
    const char byte = bytes[0];
    std::size_t taken = 1;
    if (byte >= ' ' && byte <= '~' && byte != '\\') {
      out += byte;
    } else if (const std::size_t length = utf8_length(bytes); length > 0) {
      out += bytes.substr(0, length);
      taken = length;
    } else {
      append_escape(out, byte);
    }
    bytes.remove_prefix(taken);
  }
  return out;
}

}  // namespace crier::services::crierctl
