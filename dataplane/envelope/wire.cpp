#include "dataplane/envelope/wire.hpp"

namespace crier::dataplane::envelope {
namespace {

constexpr int kVarintBytesMax = 10;
constexpr std::uint32_t kFieldMax = (1U << 29U) - 1;

void append_tag(std::string& out, std::uint32_t field, WireType type) {
  append_varint(out, (std::uint64_t{field} << 3U) | static_cast<std::uint64_t>(type));
}

}  // namespace

void append_varint(std::string& out, std::uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<char>((value & 0x7F) | 0x80));
    value >>= 7U;
  }
  out.push_back(static_cast<char>(value));
}

void append_bytes_header(std::string& out, std::uint32_t field, std::size_t size) {
  append_tag(out, field, WireType::kBytes);
  append_varint(out, size);
}

void append_bytes(std::string& out, std::uint32_t field, std::string_view bytes) {
  append_bytes_header(out, field, bytes.size());
  out.append(bytes);
}

void append_number(std::string& out, std::uint32_t field, std::uint64_t value) {
  if (value == 0) return;
  append_tag(out, field, WireType::kVarint);
  append_varint(out, value);
}

bool Fields::next(Field& field) {
  if (rest_.empty() || malformed_) return false;
  malformed_ = !take(field);
  return !malformed_;
}

bool Fields::take(Field& field) {
  std::uint64_t tag = 0;
  if (!take_varint(tag)) return false;
  const std::uint64_t number = tag >> 3U;
  if (number == 0 || number > kFieldMax) return false;
  field.number = static_cast<std::uint32_t>(number);
  field.type = static_cast<WireType>(tag & 7U);
  switch (field.type) {
    case WireType::kVarint:
      return take_varint(field.value);
    case WireType::kBytes: {
      std::uint64_t size = 0;
      if (!take_varint(size) || size > rest_.size()) return false;
      field.bytes = rest_.substr(0, size);
      return skip(size);
    }
    case WireType::kFixed64:
      return skip(8);
    case WireType::kFixed32:
      return skip(4);
  }
  return false;  // groups, which proto3 does not have
}

bool Fields::take_varint(std::uint64_t& value) {
  value = 0;
  for (int i = 0; i < kVarintBytesMax && !rest_.empty(); ++i) {
    const auto byte = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    value |= std::uint64_t{byte & 0x7FU} << (7U * static_cast<unsigned>(i));
    if (byte < 0x80) return true;
  }
  return false;
}

bool Fields::skip(std::size_t bytes) {
  if (bytes > rest_.size()) return false;
  rest_.remove_prefix(bytes);
  return true;
}

}  // namespace crier::dataplane::envelope
