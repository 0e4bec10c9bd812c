#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "dataplane/config.hpp"

namespace crier::dataplane {

// How a payload looks on the wire. Listeners of equal encoding share frames, so a broadcast is
// encoded once for each of these that is in use, however many clients there are.
//
//   kLine     payload LF                     payload without LF
//   kLength1  length(1) payload              payload of at most 255 bytes
//   kLength2  length(2, big endian) payload  payload of at most 65,535 bytes
//   kLength4  length(4, big endian) payload
//   kVarint   length(base-128 varint, least significant group first) payload
//   kRaw      payload                        payload not empty
enum class Encoding : std::uint8_t { kLine, kLength1, kLength2, kLength4, kVarint, kRaw };
inline constexpr std::size_t kEncodings = 6;

// The most that an encoding adds to a payload.
inline constexpr std::size_t kFramingBytesMax = 10;

// REQUIRES: framing.length_bytes is 1, 2 or 4 where it counts.
[[nodiscard]] Encoding encoding_of(const FramingConfig& framing);

[[nodiscard]] bool can_encode(Encoding encoding, std::string_view payload);

// Appends the frame to `wire`. REQUIRES: can_encode(encoding, payload).
void encode(Encoding encoding, std::string_view payload, std::string& wire);

}  // namespace crier::dataplane
