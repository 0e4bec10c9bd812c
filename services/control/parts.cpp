#include "services/control/parts.hpp"

#include <algorithm>

#include "services/control/client_ids.hpp"

namespace crier::services::control {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

// Source: https://protobuf.dev/programming-guides/encoding/
enum class WireType : std::uint8_t {
  kVarint = 0,
  kFixed64 = 1,
  kBytes = 2,
  kGroupBegin = 3,
  kGroupEnd = 4,
  kFixed32 = 5,
};

constexpr unsigned kTagBytesMax = 5;
constexpr unsigned kVarintBytesMax = 10;
constexpr int kDepthMax = 100;  // protobuf's own

WireType wire_type_of(const FieldDescriptor& field) {
  switch (field.type()) {
    case FieldDescriptor::TYPE_STRING:
    case FieldDescriptor::TYPE_BYTES:
    case FieldDescriptor::TYPE_MESSAGE:
      return WireType::kBytes;
    case FieldDescriptor::TYPE_DOUBLE:
    case FieldDescriptor::TYPE_FIXED64:
    case FieldDescriptor::TYPE_SFIXED64:
      return WireType::kFixed64;
    case FieldDescriptor::TYPE_FLOAT:
    case FieldDescriptor::TYPE_FIXED32:
    case FieldDescriptor::TYPE_SFIXED32:
      return WireType::kFixed32;
    case FieldDescriptor::TYPE_GROUP:
      return WireType::kGroupBegin;
    default:
      return WireType::kVarint;
  }
}

// The bytes of a message that lies in several pieces.
class Bytes {
 public:
  explicit Bytes(google::protobuf::io::ZeroCopyInputStream& pieces) : pieces_(pieces) {}

  [[nodiscard]] std::uint64_t position() const {
    return seen_ - static_cast<std::uint64_t>(end_ - at_);
  }

  [[nodiscard]] bool take(std::uint8_t& byte) {
    if (at_ == end_ && !next_piece()) return false;
    byte = static_cast<std::uint8_t>(*at_++);
    return true;
  }

  [[nodiscard]] bool skip(std::uint64_t count) {
    for (;;) {
      const auto step = std::min(count, static_cast<std::uint64_t>(end_ - at_));
      at_ += step;
      count -= step;
      if (count == 0) return true;
      if (!next_piece()) return false;
    }
  }

 private:
  [[nodiscard]] bool next_piece() {
    const void* data = nullptr;
    int size = 0;
    do {
      if (!pieces_.Next(&data, &size)) return false;
    } while (size == 0);
    at_ = static_cast<const char*>(data);
    end_ = at_ + size;
    seen_ += static_cast<std::uint64_t>(size);
    return true;
  }

  google::protobuf::io::ZeroCopyInputStream& pieces_;
  const char* at_ = nullptr;
  const char* end_ = nullptr;
  std::uint64_t seen_ = 0;  // up to end_
};

// One message, to its end or to where it cannot go on. Every take_… says whether it can.
class Walk {
 public:
  explicit Walk(google::protobuf::io::ZeroCopyInputStream& message) : bytes_(message) {}

  [[nodiscard]] Parts run(std::uint64_t size, const Descriptor& type) {
    if (!take_message(&type, size, 0)) parts_.malformed = parts_.others <= kOtherPartsMax;
    return parts_;
  }

 private:
  struct Tag {
    std::uint32_t number = 0;
    WireType type = WireType::kVarint;
  };

  // Up to the position `end`.
  bool take_message(const Descriptor* type, std::uint64_t end, int depth) {
    if (depth > kDepthMax) return false;
    while (bytes_.position() < end) {
      Tag tag;
      if (!take_tag(tag) || !take_field(type, tag, end, depth)) return false;
    }
    return bytes_.position() == end;
  }

  // Groups are none of ours, so nothing in them is.
  bool take_group(std::uint32_t number, std::uint64_t end, int depth) {
    if (depth > kDepthMax) return false;
    Tag tag;
    while (bytes_.position() < end && take_tag(tag)) {
      if (tag.type == WireType::kGroupEnd) return tag.number == number;
      if (!take_field(nullptr, tag, end, depth)) return false;
    }
    return false;
  }

  bool take_field(const Descriptor* type, const Tag& tag, std::uint64_t end, int depth) {
    const FieldDescriptor* field = type == nullptr ? nullptr : type->FindFieldByNumber(tag.number);
    if (field != nullptr && wire_type_of(*field) != tag.type) field = nullptr;
    const bool message = field != nullptr && field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    if (field == nullptr || (message && field->is_repeated())) {
      if (++parts_.others > kOtherPartsMax) return false;
    } else if (field->is_repeated()) {
      ++parts_.ids;
    }
    std::uint64_t number = 0;
    switch (tag.type) {
      case WireType::kVarint:
        return take_varint(number);
      case WireType::kFixed64:
        return bytes_.skip(8);
      case WireType::kFixed32:
        return bytes_.skip(4);
      case WireType::kBytes:
        if (!take_varint(number)) return false;
        if (bytes_.position() > end || number > end - bytes_.position()) return false;
        return message ? take_message(field->message_type(), bytes_.position() + number, depth + 1)
                       : bytes_.skip(number);
      case WireType::kGroupBegin:
        return take_group(tag.number, end, depth + 1);
      case WireType::kGroupEnd:
        break;
    }
    return false;
  }

  // What is too much for 32 bits is lost, as it is with protobuf: the same field can be said in
  // many ways.
  bool take_tag(Tag& tag) {
    std::uint32_t value = 0;
    for (unsigned i = 0; i < kTagBytesMax; ++i) {
      std::uint8_t byte = 0;
      if (!bytes_.take(byte)) return false;
      value |= (byte & std::uint32_t{0x7F}) << (7 * i);
      if (byte >= 0x80) continue;
      tag = {value >> 3U, static_cast<WireType>(value & 7U)};
      return tag.number != 0;
    }
    return false;
  }

  bool take_varint(std::uint64_t& value) {
    value = 0;
    for (unsigned i = 0; i < kVarintBytesMax; ++i) {
      std::uint8_t byte = 0;
      if (!bytes_.take(byte)) return false;
      value |= (byte & std::uint64_t{0x7F}) << (7 * i);
      if (byte < 0x80) return true;
    }
    return false;
  }

  Bytes bytes_;
  Parts parts_;
};

}  // namespace

Parts count_parts(google::protobuf::io::ZeroCopyInputStream& message, std::uint64_t size,
                  const Descriptor& type) {
  return Walk(message).run(size, type);
}

Status check_parts(const Parts& parts) {
  if (parts.malformed) {
    return invalid_field("request", "INVALID_REQUEST", "is no message that this method takes");
  }
  if (parts.ids > kClientIdsMax) return too_many_client_ids("ids", parts.ids, kClientIdsMax);
  if (parts.others > kOtherPartsMax) {
    return invalid_field("request", "INVALID_REQUEST", "holds too many unknown fields");
  }
  return {};
}

}  // namespace crier::services::control
