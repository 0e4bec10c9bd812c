#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace crier::bench {

// What a publisher sends and every client checks; numbers are digits to base 64, so that no framing
// needs an escape and a message of 16 bytes is whole:
//
//   | publisher, 1 digit | sequence, 5 digits | stamp, 10 digits | filler that follows from both |
//
// The stamp is when the message was due, in nanoseconds of CLOCK_MONOTONIC, which all processes
// of a machine share: a server that delays the publisher does not slow the clock.
struct Message {
  unsigned publisher = 0;
  std::uint32_t sequence = 0;
  std::uint64_t stamp_ns = 0;
};

inline constexpr std::size_t kMessageBytesMin = 16;
inline constexpr std::size_t kMessageBytesMax = 1U << 20U;
inline constexpr unsigned kPublishersMax = 64;
inline constexpr std::uint32_t kSequenceMax = (1U << 30U) - 1;

namespace detail {

inline constexpr std::size_t kSequenceDigits = 5;
inline constexpr std::size_t kStampDigits = 10;
inline constexpr std::string_view kDigits =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+-";
inline constexpr std::uint8_t kNoDigit = 64;

inline constexpr auto kValues = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNoDigit);
  for (std::size_t i = 0; i < kDigits.size(); ++i) {
    values[static_cast<unsigned char>(kDigits[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}();

inline constexpr std::size_t kAlphabet = 26;

// The alphabet over and over, so that the filler of any message is a part of it.
inline const char* filler(const Message& message) {
  static const std::string letters = [] {
    std::string text(kMessageBytesMax + kAlphabet, ' ');
    for (std::size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>('a' + i % kAlphabet);
    return text;
  }();
  return letters.data() + (message.sequence + message.publisher) % kAlphabet;
}

inline void write_number(char* to, std::size_t digits, std::uint64_t value) {
  for (; digits-- > 0; value >>= 6U) to[digits] = kDigits[value & 63U];
}

// Sets kNoDigit in `wrong` where there is another byte than a digit.
inline std::uint64_t read_number(const char* from, std::size_t digits, unsigned& wrong) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    const std::uint8_t digit = kValues[static_cast<unsigned char>(from[i])];
    wrong |= digit;
    value = value << 6U | digit;
  }
  return value;
}

}  // namespace detail

// Overwrites `out`, which keeps its size. REQUIRES: kMessageBytesMin <= out.size() <= ...Max.
inline void write_message(const Message& message, std::string& out) {
  char* to = out.data();
  detail::write_number(to, 1, message.publisher);
  detail::write_number(to + 1, detail::kSequenceDigits, message.sequence);
  detail::write_number(to + 1 + detail::kSequenceDigits, detail::kStampDigits, message.stamp_ns);
  std::copy_n(detail::filler(message), out.size() - kMessageBytesMin, to + kMessageBytesMin);
}

// Nothing where a single byte is not as write_message() made it.
inline std::optional<Message> read_message(std::string_view text) {
  if (text.size() < kMessageBytesMin || text.size() > kMessageBytesMax) return std::nullopt;
  unsigned wrong = 0;
  const char* from = text.data();
  Message message;
  message.publisher = static_cast<unsigned>(detail::read_number(from, 1, wrong));
  message.sequence =
      static_cast<std::uint32_t>(detail::read_number(from + 1, detail::kSequenceDigits, wrong));
  message.stamp_ns =
      detail::read_number(from + 1 + detail::kSequenceDigits, detail::kStampDigits, wrong);
  if ((wrong & detail::kNoDigit) != 0 ||
      std::memcmp(from + kMessageBytesMin, detail::filler(message),
                  text.size() - kMessageBytesMin) != 0) {
    return std::nullopt;
  }
  return message;
}

}  // namespace crier::bench
