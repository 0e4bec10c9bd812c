#include "dataplane/framing/encoding.hpp"

#include "dataplane/envelope/server_frame.hpp"
#include "dataplane/envelope/wire.hpp"
#include "dataplane/framing/base64.hpp"

namespace crier::dataplane {
namespace {

void append_big_endian(std::string& wire, std::size_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    wire.push_back(static_cast<char>((value >> shift) & 0xFF));
  }
}

// Where the frame of `bytes` bytes begins: all but the line's end, which follows.
void append_length(Encoding encoding, std::size_t bytes, std::string& wire) {
  switch (encoding) {
    case Encoding::kLength1:
    case Encoding::kEnvelopeLength1:
      append_big_endian(wire, bytes, 1);
      break;
    case Encoding::kLength2:
    case Encoding::kEnvelopeLength2:
      append_big_endian(wire, bytes, 2);
      break;
    case Encoding::kLength4:
    case Encoding::kEnvelopeLength4:
      append_big_endian(wire, bytes, 4);
      break;
    case Encoding::kVarint:
    case Encoding::kEnvelopeVarint:
      envelope::append_varint(wire, bytes);
      break;
    case Encoding::kLine:
    case Encoding::kEnvelopeLine:
    case Encoding::kRaw:
      break;
  }
}

bool has_envelope(Encoding encoding) {
  return encoding >= Encoding::kEnvelopeLine;
}

// The bytes of a message that carries a payload, without its framing.
std::size_t message_bytes(std::size_t payload_bytes) {
  std::size_t header = 2;
  for (std::size_t left = payload_bytes; left >= 0x80; left >>= 7U) ++header;
  return header + payload_bytes;
}

}  // namespace

Encoding encoding_of(const FramingConfig& framing, Codec codec) {
  const bool plain = codec == Codec::kPlain;
  switch (framing.kind) {
    case FramingKind::kLine:
      return plain ? Encoding::kLine : Encoding::kEnvelopeLine;
    case FramingKind::kLength:
      if (framing.length_bytes == 1) return plain ? Encoding::kLength1 : Encoding::kEnvelopeLength1;
      if (framing.length_bytes == 2) return plain ? Encoding::kLength2 : Encoding::kEnvelopeLength2;
      return plain ? Encoding::kLength4 : Encoding::kEnvelopeLength4;
    case FramingKind::kVarint:
      return plain ? Encoding::kVarint : Encoding::kEnvelopeVarint;
    case FramingKind::kFixed:
      return Encoding::kRaw;
  }
  return Encoding::kRaw;
}

std::size_t frame_bytes_max(Encoding encoding, std::size_t payload_bytes) {
  if (!has_envelope(encoding)) return payload_bytes + kFramingBytesMax;
  const std::size_t message = payload_bytes + envelope::kBytesHeaderMax;
  return encoding == Encoding::kEnvelopeLine ? base64_bytes(message) + 1
                                             : message + kFramingBytesMax;
}

bool can_encode(Encoding encoding, std::string_view payload) {
  switch (encoding) {
    case Encoding::kLine:
      return payload.find('\n') == std::string_view::npos;
    case Encoding::kLength1:
      return payload.size() <= 0xFF;
    case Encoding::kLength2:
      return payload.size() <= 0xFFFF;
    case Encoding::kLength4:
      return payload.size() <= 0xFFFF'FFFF;
    case Encoding::kRaw:
      return !payload.empty();
    case Encoding::kEnvelopeLength1:
      return message_bytes(payload.size()) <= 0xFF;
    case Encoding::kEnvelopeLength2:
      return message_bytes(payload.size()) <= 0xFFFF;
    case Encoding::kEnvelopeLength4:
      return message_bytes(payload.size()) <= 0xFFFF'FFFF;
    case Encoding::kVarint:
    case Encoding::kEnvelopeLine:
    case Encoding::kEnvelopeVarint:
      return true;
  }
  return false;
}

void encode(Encoding encoding, std::string_view payload, std::string& wire) {
  if (encoding == Encoding::kEnvelopeLine) {
    std::string message;
    message.reserve(message_bytes(payload.size()));
    envelope::append_payload_header(message, payload.size());
    message.append(payload);
    encode_message(encoding, message, wire);
    return;
  }
  if (has_envelope(encoding)) {
    append_length(encoding, message_bytes(payload.size()), wire);
    envelope::append_payload_header(wire, payload.size());
  } else {
    append_length(encoding, payload.size(), wire);
  }
  wire.append(payload);
  if (encoding == Encoding::kLine) wire.push_back('\n');
}

void encode_message(Encoding encoding, std::string_view message, std::string& wire) {
  if (encoding == Encoding::kEnvelopeLine) {
    append_base64(wire, message);
    wire.push_back('\n');
    return;
  }
  append_length(encoding, message.size(), wire);
  wire.append(message);
}

}  // namespace crier::dataplane
