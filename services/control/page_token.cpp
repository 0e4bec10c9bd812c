#include "services/control/page_token.hpp"

#include <array>
#include <cstddef>

#include "services/control/fingerprint.hpp"

namespace crier::services::control {
namespace {

// A token is the hexadecimal text of these bytes, big-endian:
//    4  shard  of the position
//    4  slot   of the position
//    8  check  over incarnation, filter, shard and slot
constexpr std::size_t kShardBytes = 4;
constexpr std::size_t kSlotBytes = 4;
constexpr std::size_t kCheckBytes = 8;
constexpr std::size_t kTokenChars = 2 * (kShardBytes + kSlotBytes + kCheckBytes);

constexpr std::string_view kDigits = "0123456789abcdef";

void append(std::string& text, std::uint64_t value, std::size_t bytes) {
  for (std::size_t digit = 2 * bytes; digit-- > 0;) {
    text.push_back(kDigits[(value >> (4 * digit)) & 15U]);
  }
}

std::uint64_t read(std::string_view text, std::size_t& at, std::size_t bytes, bool& valid) {
  std::uint64_t value = 0;
  for (const char c : text.substr(at, 2 * bytes)) {
    const std::size_t digit = kDigits.find(c);
    valid = valid && digit != std::string_view::npos;
    value = (value << 4U) | (digit & 15U);
  }
  at += 2 * bytes;
  return value;
}

std::uint64_t check(const PageContext& context, const dataplane::ListPosition& position) {
  Fingerprint fingerprint;
  fingerprint.add("page_token");
  fingerprint.add(context.incarnation);
  fingerprint.add(context.filter);
  fingerprint.add(position.shard);
  fingerprint.add(position.slot);
  return fingerprint.value();
}

}  // namespace

std::string make_page_token(const PageContext& context, const dataplane::ListPosition& position) {
  std::string token;
  token.reserve(kTokenChars);
  append(token, position.shard, kShardBytes);
  append(token, position.slot, kSlotBytes);
  append(token, check(context, position), kCheckBytes);
  return token;
}

std::optional<dataplane::ListPosition> parse_page_token(const PageContext& context,
                                                        std::string_view token) {
  if (token.size() != kTokenChars) return std::nullopt;
  std::size_t at = 0;
  bool valid = true;
  dataplane::ListPosition position;
  position.shard = static_cast<std::uint32_t>(read(token, at, kShardBytes, valid));
  position.slot = static_cast<std::uint32_t>(read(token, at, kSlotBytes, valid));
  const std::uint64_t claimed = read(token, at, kCheckBytes, valid);
  if (!valid || claimed != check(context, position)) return std::nullopt;
  return position;
}

}  // namespace crier::services::control
