#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace crier::dataplane {

// Names one connection for all time: never reused, also not by a restarted node.
//
// The text form is 26 characters of lower-case base32 (RFC 4648 alphabet, no padding), opaque to
// callers and routable by us:
//
//   52 bits  incarnation  drawn at random when the node starts
//    8 bits  shard
//   24 bits  slot         where the connection lives in its shard
//   46 bits  serial       counts the shard's connections; never reused
struct ClientId {
  std::uint64_t incarnation = 0;
  std::uint32_t slot = 0;
  std::uint8_t shard = 0;
  std::uint64_t serial = 0;

  auto operator<=>(const ClientId&) const = default;
};

inline constexpr int kIncarnationBits = 52;
inline constexpr int kShardBits = 8;
inline constexpr int kSlotBits = 24;
inline constexpr int kSerialBits = 46;
inline constexpr std::size_t kClientIdChars =
    (kIncarnationBits + kShardBits + kSlotBits + kSerialBits) / 5;
inline constexpr std::uint32_t kShardsMax = 1U << kShardBits;
inline constexpr std::uint32_t kSlotsMax = 1U << kSlotBits;

[[nodiscard]] std::string to_string(const ClientId& id);

// Returns nothing unless `text` is exactly what to_string would print for some id.
[[nodiscard]] std::optional<ClientId> parse_client_id(std::string_view text);

}  // namespace crier::dataplane
