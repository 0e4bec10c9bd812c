#pragma once

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace crier::bench {

// What a publisher sends and every client checks:
//
//   | sequence, 16 hex digits | stamp, 16 hex digits | filler that follows from the sequence |
//
// The stamp is when the message was due, in nanoseconds of CLOCK_MONOTONIC, which all processes
// of a machine share: a server that delays the publisher does not slow the clock.
struct Message {
  std::uint64_t sequence = 0;
  std::uint64_t stamp_ns = 0;
};

inline constexpr std::size_t kDigits = 16;
inline constexpr std::size_t kMessageBytesMin = 2 * kDigits;
inline constexpr std::size_t kMessageBytesMax = 1U << 20U;

namespace detail {

inline constexpr std::size_t kAlphabet = 26;

// The alphabet over and over, so that the filler of any message is a part of it.
inline const std::string& filler() {
  static const std::string letters = [] {
    std::string text(kMessageBytesMax + kAlphabet, ' ');
    for (std::size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>('a' + i % kAlphabet);
    return text;
  }();
  return letters;
}

inline void write_hex(char* to, std::uint64_t value) {
  for (std::size_t i = kDigits; i-- > 0; value >>= 4U) to[i] = "0123456789abcdef"[value & 15U];
}

inline std::optional<std::uint64_t> read_hex(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace detail

// Overwrites `out`, which keeps its size. REQUIRES: kMessageBytesMin <= out.size() <= ...Max.
inline void write_message(const Message& message, std::string& out) {
  detail::write_hex(out.data(), message.sequence);
  detail::write_hex(out.data() + kDigits, message.stamp_ns);
  const char* from = detail::filler().data() + message.sequence % detail::kAlphabet;
  std::memcpy(out.data() + kMessageBytesMin, from, out.size() - kMessageBytesMin);
}

// Nothing where a single byte is not as write_message() made it.
inline std::optional<Message> read_message(std::string_view text) {
  if (text.size() < kMessageBytesMin || text.size() > kMessageBytesMax) return std::nullopt;
  const auto sequence = detail::read_hex(text.substr(0, kDigits));
  const auto stamp_ns = detail::read_hex(text.substr(kDigits, kDigits));
  if (!sequence || !stamp_ns) return std::nullopt;
  const char* filler = detail::filler().data() + *sequence % detail::kAlphabet;
  if (std::memcmp(text.data() + kMessageBytesMin, filler, text.size() - kMessageBytesMin) != 0) {
    return std::nullopt;
  }
  return Message{*sequence, *stamp_ns};
}

}  // namespace crier::bench
