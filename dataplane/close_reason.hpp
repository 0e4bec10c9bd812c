#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace crier::dataplane {

// Why a connection ended. Every connection has exactly one; the first reason wins.
enum class CloseReason : std::uint8_t {
  kClientClosed,       // the client sent FIN
  kReset,              // the peer reset the connection or a socket call failed
  kSlowConsumer,       // its queue was full and the policy says disconnect
  kWriteStall,         // queued bytes, and none of them left within write_stall
  kIdleTimeout,        // nothing received within idle_timeout
  kPartialTimeout,     // a frame begun did not end within partial_frame
  kPartialMemory,      // no room left on the node for begun frames
  kFrameTooLarge,      // a frame over max_frame_bytes
  kEmptyFrame,         // an empty frame where the processor needs bytes
  kMalformedFrame,     // a length prefix that cannot be one (a varint that never ends)
  kFrameRejected,      // the processor cannot take a frame of this shape
  kDisconnected,       // the Disconnect RPC
  kDrain,              // the node is draining
  kHardStop,           // the node stopped without waiting
  kInternalError,      // a fault of our own, contained to this connection
  kMalformedEnvelope,  // codec envelope: a frame that is no message, or one out of turn
  kPingTimeout,        // codec envelope: no pong within pong_timeout
  kAuthExpired,        // its credentials expired, and the grace is over
  kAuthFailed,         // codec envelope: it renewed its credentials with some that do not hold
  kRateLimited,        // it sent more than it may for longer than inbound.close_after
  kMaxAge,             // it has been connected for max_age
  kMemory,             // the node's queues held too much, and this one held the oldest frames
  kTlsError,           // what it sent is not the TLS that was agreed upon
};
inline constexpr std::size_t kCloseReasons = 23;

// What happens to the frames still queued and to the bytes the kernel already took.
enum class Farewell : std::uint8_t {
  kFlush,    // send the queue first, then end politely
  kDiscard,  // drop the queue, then end politely, so that what the kernel took still arrives
  kAbort,    // drop everything at once
};

struct CloseReasonInfo {
  CloseReason reason;
  std::string_view label;  // metric label value
  std::string_view text;   // for people and logs
  Farewell farewell;
};

// The one table, indexed by CloseReason.
inline constexpr std::array<CloseReasonInfo, kCloseReasons> kCloseReasonTable{{
    {CloseReason::kClientClosed, "client_closed", "the client closed", Farewell::kFlush},
    {CloseReason::kReset, "reset", "the connection was reset", Farewell::kAbort},
    {CloseReason::kSlowConsumer, "slow_consumer", "the client read too slowly", Farewell::kAbort},
    {CloseReason::kWriteStall, "write_stall", "the client took no bytes", Farewell::kAbort},
    {CloseReason::kIdleTimeout, "idle_timeout", "the client sent nothing", Farewell::kFlush},
    {CloseReason::kPartialTimeout, "partial_timeout", "a frame was not completed in time",
     Farewell::kFlush},
    {CloseReason::kPartialMemory, "partial_memory", "too many unfinished frames on this node",
     Farewell::kFlush},
    {CloseReason::kFrameTooLarge, "frame_too_large", "a frame was too large", Farewell::kFlush},
    {CloseReason::kEmptyFrame, "empty_frame", "an empty frame is not allowed here",
     Farewell::kFlush},
    {CloseReason::kMalformedFrame, "malformed_frame", "a frame header was malformed",
     Farewell::kFlush},
    {CloseReason::kFrameRejected, "frame_rejected", "the processor refused a frame",
     Farewell::kFlush},
    {CloseReason::kDisconnected, "disconnected", "disconnected by the control API",
     Farewell::kDiscard},
    {CloseReason::kDrain, "drain", "the node is draining", Farewell::kFlush},
    {CloseReason::kHardStop, "hard_stop", "the node stopped", Farewell::kAbort},
    {CloseReason::kInternalError, "internal_error", "an internal error", Farewell::kAbort},
    {CloseReason::kMalformedEnvelope, "malformed_envelope", "a frame was no valid envelope",
     Farewell::kFlush},
    {CloseReason::kPingTimeout, "ping_timeout", "a ping was not answered", Farewell::kAbort},
    {CloseReason::kAuthExpired, "auth_expired", "the credentials expired", Farewell::kFlush},
    {CloseReason::kAuthFailed, "auth_failed", "the new credentials do not hold", Farewell::kFlush},
    {CloseReason::kRateLimited, "rate_limited", "the client sent too fast for too long",
     Farewell::kFlush},
    {CloseReason::kMaxAge, "max_age", "the connection reached its maximum age", Farewell::kFlush},
    {CloseReason::kMemory, "memory", "the node ran out of queue memory", Farewell::kAbort},
    {CloseReason::kTlsError, "tls_error", "what came was not valid TLS", Farewell::kAbort},
}};

[[nodiscard]] constexpr const CloseReasonInfo& info(CloseReason reason) {
  return kCloseReasonTable[static_cast<std::size_t>(reason)];
}

static_assert([] {
  for (std::size_t i = 0; i < kCloseReasons; ++i) {
    if (static_cast<std::size_t>(kCloseReasonTable[i].reason) != i) return false;
  }
  return true;
}());

}  // namespace crier::dataplane
