#include "dataplane/framing/base64.hpp"

#include <array>
#include <cstdint>

namespace crier::dataplane {
namespace {

constexpr std::string_view kDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNoDigit = 0xFF;

constexpr auto kValues = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNoDigit);
  for (std::size_t i = 0; i < kDigits.size(); ++i) {
    values[static_cast<std::uint8_t>(kDigits[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}();

std::uint8_t byte_at(std::string_view bytes, std::size_t i) {
  return i < bytes.size() ? static_cast<std::uint8_t>(bytes[i]) : std::uint8_t{0};
}

}  // namespace

void append_base64(std::string& out, std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::uint32_t group = (std::uint32_t{byte_at(bytes, i)} << 16U) |
                                (std::uint32_t{byte_at(bytes, i + 1)} << 8U) |
                                byte_at(bytes, i + 2);
    const std::size_t left = bytes.size() - i;
    out.push_back(kDigits[group >> 18U]);
    out.push_back(kDigits[(group >> 12U) & 63U]);
    out.push_back(left > 1 ? kDigits[(group >> 6U) & 63U] : '=');
    out.push_back(left > 2 ? kDigits[group & 63U] : '=');
  }
}

bool append_from_base64(std::string& out, std::string_view text) {
  if (text.size() % 4 != 0) return false;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  for (std::size_t i = 0; i < text.size(); i += 4) {
    const std::size_t pads = i + 4 == text.size() ? padding : 0;
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 4; ++j) {
      const std::uint8_t value =
          j >= 4 - pads ? std::uint8_t{0} : kValues[static_cast<std::uint8_t>(text[i + j])];
      if (value == kNoDigit) return false;
      group = (group << 6U) | value;
    }
    // Bits that no byte uses must be 0, or many texts would mean the same.
    if ((group & ((1U << (8U * pads)) - 1U)) != 0) return false;
    out.push_back(static_cast<char>(group >> 16U));
    if (pads < 2) out.push_back(static_cast<char>((group >> 8U) & 0xFFU));
    if (pads < 1) out.push_back(static_cast<char>(group & 0xFFU));
  }
  return true;
}

}  // namespace crier::dataplane
