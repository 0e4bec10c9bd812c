#include "dataplane/framing/framing.hpp"

#include <algorithm>

namespace crier::dataplane {

Framing::Framing(const FramingConfig& config, std::uint32_t max_frame_bytes)
    : kind_(config.kind),
      header_bytes_(config.kind == FramingKind::kLength ? config.length_bytes : 0),
      fixed_bytes_(config.fixed_bytes),
      max_frame_bytes_(max_frame_bytes) {}

Framing::Scan Framing::scan(std::string_view bytes, std::size_t clean) const {
  if (kind_ == FramingKind::kLine) return scan_line(bytes, clean);
  const Header header = read_header(bytes);
  if (header.status != Status::kFrame) return {header.status, {}, 0};
  // Checked on the header alone, before a byte of the payload is awaited or stored.
  if (header.payload_bytes > max_frame_bytes_) return {Status::kTooLarge, {}, 0};
  const auto payload_bytes = static_cast<std::size_t>(header.payload_bytes);
  if (bytes.size() - header.bytes < payload_bytes) return {};
  return {Status::kFrame, bytes.substr(header.bytes, payload_bytes), header.bytes + payload_bytes};
}

Framing::Scan Framing::scan_line(std::string_view bytes, std::size_t clean) const {
  const std::size_t end = bytes.find('\n', clean);
  if (end == std::string_view::npos) {
    // One byte over the limit is still fine while it can be the CR of a CRLF.
    const std::size_t held = bytes.ends_with('\r') ? bytes.size() - 1 : bytes.size();
    return {held > max_frame_bytes_ ? Status::kTooLarge : Status::kNeedMore, {}, 0};
  }
  std::string_view line = bytes.substr(0, end);
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.size() > max_frame_bytes_) return {Status::kTooLarge, {}, 0};
  return {Status::kFrame, line, end + 1};
}

Framing::Header Framing::read_header(std::string_view bytes) const {
  switch (kind_) {
    case FramingKind::kFixed:
      return {Status::kFrame, 0, fixed_bytes_};
    case FramingKind::kVarint:
      return read_varint(bytes);
    case FramingKind::kLength:
    case FramingKind::kLine:
      break;
  }
  if (bytes.size() < header_bytes_) return {};
  std::uint64_t length = 0;
  for (std::size_t i = 0; i < header_bytes_; ++i) {
    length = (length << 8U) | static_cast<unsigned char>(bytes[i]);
  }
  return {Status::kFrame, header_bytes_, length};
}

Framing::Header Framing::read_varint(std::string_view bytes) const {
  std::uint64_t length = 0;
  for (std::size_t i = 0; i < std::min(bytes.size(), kVarintBytesMax); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    length |= static_cast<std::uint64_t>(byte & 0x7FU) << (7 * i);
    if ((byte & 0x80U) == 0) return {Status::kFrame, i + 1, length};
  }
  return {bytes.size() < kVarintBytesMax ? Status::kNeedMore : Status::kMalformed, 0, 0};
}

std::size_t Framing::take(std::string_view begun, std::string_view input) const {
  if (kind_ == FramingKind::kLine) {
    const std::size_t end = input.find('\n');
    const std::size_t line = end == std::string_view::npos ? input.size() : end + 1;
    return std::min(line, frame_bytes_max() - begun.size());
  }
  const Header header = read_header(begun);
  if (header.status != Status::kFrame) return std::min<std::size_t>(1, input.size());
  const std::size_t missing =
      header.bytes + static_cast<std::size_t>(header.payload_bytes) - begun.size();
  return std::min(missing, input.size());
}

std::size_t Framing::frame_bytes_max() const {
  switch (kind_) {
    case FramingKind::kLine:
      return max_frame_bytes_ + 2;
    case FramingKind::kFixed:
      return fixed_bytes_;
    case FramingKind::kVarint:
      return max_frame_bytes_ + kVarintBytesMax;
    case FramingKind::kLength:
      break;
  }
  return max_frame_bytes_ + header_bytes_;
}

}  // namespace crier::dataplane
