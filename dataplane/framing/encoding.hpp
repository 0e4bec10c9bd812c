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
//
// With codec envelope each of the first five holds a message with the payload in it instead, which
// must fit in the same way; on a line that message is base64, since it may contain any byte.
enum class Encoding : std::uint8_t {
  kLine,
  kLength1,
  kLength2,
  kLength4,
  kVarint,
  kRaw,
  kEnvelopeLine,
  kEnvelopeLength1,
  kEnvelopeLength2,
  kEnvelopeLength4,
  kEnvelopeVarint,
};
inline constexpr std::size_t kEncodings = 11;

// The most that an encoding without an envelope adds to a payload.
inline constexpr std::size_t kFramingBytesMax = 10;

// REQUIRES: framing.length_bytes is 1, 2 or 4 where it counts; no envelope with kFixed.
[[nodiscard]] Encoding encoding_of(const FramingConfig& framing, Codec codec = Codec::kPlain);

// The most that a frame of `payload_bytes` takes.
[[nodiscard]] std::size_t frame_bytes_max(Encoding encoding, std::size_t payload_bytes);

[[nodiscard]] bool can_encode(Encoding encoding, std::string_view payload);

// Appends the frame to `wire`. REQUIRES: can_encode(encoding, payload).
void encode(Encoding encoding, std::string_view payload, std::string& wire);

// The same for a message of the envelope as it stands (envelope/server_frame.hpp).
// REQUIRES: an encoding with envelope, and a message of at most 255 bytes.
void encode_message(Encoding encoding, std::string_view message, std::string& wire);

}  // namespace crier::dataplane
