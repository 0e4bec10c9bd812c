#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace crier::dataplane::envelope {

// The little of protobuf's wire format that frame.proto needs.
// Source: https://protobuf.dev/programming-guides/encoding/

enum class WireType : std::uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

// The most that a tag and a length take before some bytes.
inline constexpr std::size_t kBytesHeaderMax = 11;

void append_varint(std::string& out, std::uint64_t value);
// A field of bytes: `size` of them must follow.
void append_bytes_header(std::string& out, std::uint32_t field, std::size_t size);
void append_bytes(std::string& out, std::uint32_t field, std::string_view bytes);
// Nothing where `value` is 0, which is what an absent field means.
void append_number(std::string& out, std::uint32_t field, std::uint64_t value);

// Takes a message apart, field by field.
class Fields {
 public:
  explicit Fields(std::string_view message) : rest_(message) {}

  struct Field {
    std::uint32_t number = 0;
    WireType type = WireType::kVarint;
    std::uint64_t value = 0;  // kVarint
    std::string_view bytes;   // kBytes: a part of the message
  };

  // False at the end, and where the rest is no field.
  [[nodiscard]] bool next(Field& field);
  // Whether next() has met something that is no field.
  [[nodiscard]] bool malformed() const { return malformed_; }

 private:
  [[nodiscard]] bool take(Field& field);
  [[nodiscard]] bool take_varint(std::uint64_t& value);
  [[nodiscard]] bool skip(std::size_t bytes);

  std::string_view rest_;
  bool malformed_ = false;
};

}  // namespace crier::dataplane::envelope
