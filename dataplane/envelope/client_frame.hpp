#pragma once

#include <cstdint>
#include <string_view>

namespace crier::dataplane::envelope {

// crier.v1.ClientFrame (proto/crier/v1/frame.proto), taken apart.
struct ClientFrame {
  enum class Kind : std::uint8_t {
    kMalformed,  // no protobuf, or not of this shape
    kUnknown,    // none of the kinds below: of a newer client
    kHello,
    kPayload,
    kPing,
    kPong,
  };
  Kind kind = Kind::kUnknown;
  std::string_view bytes;  // kHello: the token; kPayload; a part of what was parsed
  std::uint64_t id = 0;    // kPing, kPong
};

// As protobuf would, except that text need not be UTF-8, and that groups, which protobuf would skip
// where it does not know them, are malformed. Allocates nothing.
[[nodiscard]] ClientFrame parse_client_frame(std::string_view message);

}  // namespace crier::dataplane::envelope
