#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "dataplane/config.hpp"

namespace crier::dataplane {

// Finds the first inbound frame in some bytes. Holds no state: what it says depends only on the
// bytes, never on how reads split them.
class Framing {
 public:
  // `max_frame_bytes` bounds the payload, without prefix or line end.
  Framing(const FramingConfig& config, std::uint32_t max_frame_bytes);

  enum class Status : std::uint8_t { kFrame, kNeedMore, kTooLarge, kMalformed };

  struct [[nodiscard]] Scan {
    Status status = Status::kNeedMore;
    std::string_view payload;     // kFrame: a part of the scanned bytes
    std::size_t frame_bytes = 0;  // kFrame: payload and framing, counted from the first byte
  };

  // `clean` bytes at the start are known, from an earlier kNeedMore, to hold no whole frame.
  Scan scan(std::string_view bytes, std::size_t clean = 0) const;

  // How many bytes of `input` belong to the frame that `begun` starts, where scan(begun) said
  // kNeedMore. At least 1 when `input` is not empty; taking them never makes a frame larger than
  // frame_bytes_max(), and scanning again after each take ends in a frame, an error or more input.
  [[nodiscard]] std::size_t take(std::string_view begun, std::string_view input) const;

  // The longest frame that scan accepts, framing included.
  [[nodiscard]] std::size_t frame_bytes_max() const;

 private:
  struct Header {
    Status status = Status::kNeedMore;
    std::size_t bytes = 0;
    std::uint64_t payload_bytes = 0;
  };
  Header read_header(std::string_view bytes) const;
  Header read_varint(std::string_view bytes) const;
  Scan scan_line(std::string_view bytes, std::size_t clean) const;

  FramingKind kind_;
  std::size_t header_bytes_;  // kLength: the prefix; kFixed: 0
  std::size_t fixed_bytes_;
  std::size_t max_frame_bytes_;
};

// A varint length prefix has at most 5 bytes: 35 bits, more than any frame we accept.
inline constexpr std::size_t kVarintBytesMax = 5;

}  // namespace crier::dataplane
