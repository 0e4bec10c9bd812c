#include "dataplane/envelope/server_frame.hpp"

#include "dataplane/envelope/wire.hpp"

namespace crier::dataplane::envelope {
namespace {

// Field numbers of ServerFrame.
constexpr std::uint32_t kHelloField = 1;
constexpr std::uint32_t kPayloadField = 2;
constexpr std::uint32_t kPingField = 3;
constexpr std::uint32_t kPongField = 4;
constexpr std::uint32_t kGoawayField = 5;
constexpr std::uint32_t kGapField = 6;

// crier.v1.Goaway.Code
enum class Code : std::uint8_t {
  kDrain = 1,
  kDisconnected = 2,
  kCredentials = 3,
  kProtocol = 4,
  kLimit = 5,
  kMaxAge = 6,
  kInternal = 7,
};

Code code_of(CloseReason reason) {
  switch (reason) {
    case CloseReason::kDrain:
    case CloseReason::kHardStop:
      return Code::kDrain;
    case CloseReason::kDisconnected:
      return Code::kDisconnected;
    case CloseReason::kAuthExpired:
    case CloseReason::kAuthFailed:
      return Code::kCredentials;
    case CloseReason::kFrameTooLarge:
    case CloseReason::kEmptyFrame:
    case CloseReason::kMalformedFrame:
    case CloseReason::kFrameRejected:
    case CloseReason::kMalformedEnvelope:
    case CloseReason::kTlsError:
      return Code::kProtocol;
    case CloseReason::kSlowConsumer:
    case CloseReason::kWriteStall:
    case CloseReason::kIdleTimeout:
    case CloseReason::kPartialTimeout:
    case CloseReason::kPartialMemory:
    case CloseReason::kPingTimeout:
    case CloseReason::kRateLimited:
    case CloseReason::kMemory:
      return Code::kLimit;
    case CloseReason::kMaxAge:
      return Code::kMaxAge;
    case CloseReason::kClientClosed:
    case CloseReason::kReset:
    case CloseReason::kInternalError:
      break;
  }
  return Code::kInternal;
}

std::string wrap(std::uint32_t field, const std::string& inner) {
  std::string out;
  append_bytes(out, field, inner);
  return out;
}

std::string with_number(std::uint32_t field, std::uint64_t number) {
  std::string inner;
  append_number(inner, 1, number);
  return wrap(field, inner);
}

std::uint64_t in_ms(std::chrono::milliseconds time) {
  return static_cast<std::uint64_t>(time.count());
}

}  // namespace

std::string server_hello(const Hello& hello) {
  std::string inner;
  append_bytes(inner, 1, hello.client_id);
  append_number(inner, 2, in_ms(hello.ping_interval));
  append_number(inner, 3, in_ms(hello.pong_timeout));
  return wrap(kHelloField, inner);
}

std::string ping(std::uint64_t id) {
  return with_number(kPingField, id);
}

std::string pong(std::uint64_t id) {
  return with_number(kPongField, id);
}

std::string gap(std::uint64_t frames, std::uint64_t total) {
  std::string inner;
  append_number(inner, 1, frames);
  append_number(inner, 2, total);
  return wrap(kGapField, inner);
}

std::string goaway(CloseReason reason, std::chrono::milliseconds reconnect_after) {
  std::string inner;
  append_number(inner, 1, static_cast<std::uint64_t>(code_of(reason)));
  append_bytes(inner, 2, info(reason).label);
  append_number(inner, 3, in_ms(reconnect_after));
  return wrap(kGoawayField, inner);
}

void append_payload_header(std::string& out, std::size_t size) {
  append_bytes_header(out, kPayloadField, size);
}

}  // namespace crier::dataplane::envelope
