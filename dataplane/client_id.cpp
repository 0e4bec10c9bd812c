#include "dataplane/client_id.hpp"

namespace crier::dataplane {
namespace {

constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz234567";

__extension__ typedef unsigned __int128 Bits;  // not in ISO C++, but in GCC and clang

// The two halves of the text: 130 bits do not fit one 128-bit word.
constexpr int kHighBits = kIncarnationBits + kShardBits;  // 60 bits, 12 characters
constexpr int kLowBits = kSlotBits + kSerialBits;         // 70 bits, 14 characters
static_assert(kHighBits % 5 == 0 && kLowBits % 5 == 0);

constexpr Bits mask(int bits) {
  return (Bits{1} << bits) - 1;
}

void append(std::string& text, Bits value, int bits) {
  for (int shift = bits - 5; shift >= 0; shift -= 5) {
    text.push_back(kAlphabet[static_cast<std::size_t>((value >> shift) & 31)]);
  }
}

std::optional<Bits> read(std::string_view text) {
  Bits value = 0;
  for (char c : text) {
    const auto digit = kAlphabet.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    value = (value << 5) | digit;
  }
  return value;
}

}  // namespace

std::string to_string(const ClientId& id) {
  std::string text;
  text.reserve(kClientIdChars);
  append(text, (Bits{id.incarnation} << kShardBits) | id.shard, kHighBits);
  append(text, (Bits{id.slot} << kSerialBits) | id.serial, kLowBits);
  return text;
}

std::optional<ClientId> parse_client_id(std::string_view text) {
  if (text.size() != kClientIdChars) return std::nullopt;
  const auto high = read(text.substr(0, kHighBits / 5));
  const auto low = read(text.substr(kHighBits / 5));
  if (!high || !low) return std::nullopt;
  ClientId id;
  id.incarnation = static_cast<std::uint64_t>(*high >> kShardBits);
  id.shard = static_cast<std::uint8_t>(*high & mask(kShardBits));
  id.slot = static_cast<std::uint32_t>(*low >> kSerialBits);
  id.serial = static_cast<std::uint64_t>(*low & mask(kSerialBits));
  return id;
}

}  // namespace crier::dataplane
