#include "tests/faults/wire.hpp"

#include <cstdint>
#include <optional>

namespace crier::testing {
namespace {

using dataplane::FramingConfig;
using dataplane::FramingKind;

// Where the payload of the first frame lies; nothing where its header is not whole yet.
struct Extent {
  std::size_t begin;
  std::size_t bytes;
  std::size_t behind;  // bytes of the frame behind its payload
};

std::optional<Extent> first_frame(const FramingConfig& framing, std::string_view stream) {
  const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(stream[i]); };
  switch (framing.kind) {
    case FramingKind::kLine: {
      const std::size_t end = stream.find('\n');
      if (end == std::string_view::npos) return std::nullopt;
      return Extent{0, end, 1};
    }
    case FramingKind::kLength: {
      if (stream.size() < framing.length_bytes) return std::nullopt;
      std::size_t bytes = 0;
      for (std::size_t i = 0; i < framing.length_bytes; ++i) bytes = bytes << 8U | at(i);
      return Extent{framing.length_bytes, bytes, 0};
    }
    case FramingKind::kVarint: {
      std::size_t bytes = 0;
      for (std::size_t i = 0; i < stream.size(); ++i) {
        bytes |= static_cast<std::size_t>(at(i) & 0x7FU) << 7U * i;
        if (at(i) < 0x80U) return Extent{i + 1, bytes, 0};
      }
      return std::nullopt;
    }
    case FramingKind::kFixed:
      return Extent{0, framing.fixed_bytes, 0};
  }
  return std::nullopt;
}

}  // namespace

std::string to_wire(const FramingConfig& framing, std::string_view payload) {
  std::string wire;
  switch (framing.kind) {
    case FramingKind::kLine:
      return std::string(payload) + '\n';
    case FramingKind::kLength:
      for (std::uint32_t i = framing.length_bytes; i-- > 0;) {
        wire += static_cast<char>(payload.size() >> 8U * i & 0xFFU);
      }
      break;
    case FramingKind::kVarint: {
      std::size_t left = payload.size();
      for (; left >= 0x80U; left >>= 7U) wire += static_cast<char>((left & 0x7FU) | 0x80U);
      wire += static_cast<char>(left);
      break;
    }
    case FramingKind::kFixed:
      break;
  }
  return wire.append(payload);
}

std::vector<std::string> take_payloads(const FramingConfig& framing, std::string& stream) {
  std::vector<std::string> payloads;
  std::size_t taken = 0;
  while (true) {
    const std::string_view rest = std::string_view(stream).substr(taken);
    const auto extent = first_frame(framing, rest);
    if (!extent || rest.size() < extent->begin + extent->bytes + extent->behind) break;
    payloads.emplace_back(rest.substr(extent->begin, extent->bytes));
    taken += extent->begin + extent->bytes + extent->behind;
  }
  stream.erase(0, taken);
  return payloads;
}

}  // namespace crier::testing
