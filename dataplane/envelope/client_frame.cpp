#include "dataplane/envelope/client_frame.hpp"

#include "dataplane/envelope/wire.hpp"

namespace crier::dataplane::envelope {
namespace {

using Kind = ClientFrame::Kind;

// Field numbers of ClientFrame.
constexpr std::uint32_t kHelloField = 1;
constexpr std::uint32_t kPayloadField = 2;
constexpr std::uint32_t kPingField = 3;
constexpr std::uint32_t kPongField = 4;

Kind kind_of(const Fields::Field& field) {
  if (field.type != WireType::kBytes) return Kind::kUnknown;
  switch (field.number) {
    case kHelloField:
      return Kind::kHello;
    case kPayloadField:
      return Kind::kPayload;
    case kPingField:
      return Kind::kPing;
    case kPongField:
      return Kind::kPong;
    default:
      return Kind::kUnknown;
  }
}

// The field 1 of a hello, a ping or a pong.
bool parse_inner(std::string_view message, ClientFrame& frame) {
  Fields fields(message);
  for (Fields::Field field; fields.next(field);) {
    if (field.number != 1) continue;
    if (frame.kind == Kind::kHello && field.type == WireType::kBytes) frame.bytes = field.bytes;
    if (frame.kind != Kind::kHello && field.type == WireType::kVarint) frame.id = field.value;
  }
  return !fields.malformed();
}

}  // namespace

ClientFrame parse_client_frame(std::string_view message) {
  ClientFrame frame;
  Fields fields(message);
  for (Fields::Field field; fields.next(field);) {
    const Kind kind = kind_of(field);
    if (kind == Kind::kUnknown) continue;
    // The last kind counts; what it says again is merged.
    if (kind != frame.kind) frame = {kind, {}, 0};
    if (kind == Kind::kPayload) {
      frame.bytes = field.bytes;
    } else if (!parse_inner(field.bytes, frame)) {
      return {Kind::kMalformed, {}, 0};
    }
  }
  return fields.malformed() ? ClientFrame{Kind::kMalformed, {}, 0} : frame;
}

}  // namespace crier::dataplane::envelope
