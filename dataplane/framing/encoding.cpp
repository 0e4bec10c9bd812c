#include "dataplane/framing/encoding.hpp"

namespace crier::dataplane {
namespace {

void append_big_endian(std::string& wire, std::size_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    wire.push_back(static_cast<char>((value >> shift) & 0xFF));
  }
}

void append_varint(std::string& wire, std::size_t value) {
  while (value >= 0x80) {
    wire.push_back(static_cast<char>((value & 0x7F) | 0x80));
    value >>= 7;
  }
  wire.push_back(static_cast<char>(value));
}

}  // namespace

Encoding encoding_of(const FramingConfig& framing) {
  switch (framing.kind) {
    case FramingKind::kLine:
      return Encoding::kLine;
    case FramingKind::kLength:
      if (framing.length_bytes == 1) return Encoding::kLength1;
      return framing.length_bytes == 2 ? Encoding::kLength2 : Encoding::kLength4;
    case FramingKind::kVarint:
      return Encoding::kVarint;
    case FramingKind::kFixed:
      return Encoding::kRaw;
  }
  return Encoding::kRaw;
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
    case Encoding::kVarint:
      return true;
    case Encoding::kRaw:
      return !payload.empty();
  }
  return false;
}

void encode(Encoding encoding, std::string_view payload, std::string& wire) {
  switch (encoding) {
    case Encoding::kLength1:
      append_big_endian(wire, payload.size(), 1);
      break;
    case Encoding::kLength2:
      append_big_endian(wire, payload.size(), 2);
      break;
    case Encoding::kLength4:
      append_big_endian(wire, payload.size(), 4);
      break;
    case Encoding::kVarint:
      append_varint(wire, payload.size());
      break;
    case Encoding::kLine:
    case Encoding::kRaw:
      break;
  }
  wire.append(payload);
  if (encoding == Encoding::kLine) wire.push_back('\n');
}

}  // namespace crier::dataplane
