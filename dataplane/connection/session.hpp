#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "dataplane/access/identity.hpp"
#include "dataplane/connection/deadlines.hpp"
#include "dataplane/tls/tls_session.hpp"

namespace crier::dataplane {

// Messages of crier's own for one client. They go out between two frames of its queue, before what
// waits there, so that a slow client is pinged and told of its losses all the same; and no policy
// ever evicts one.
struct Notices {
  static constexpr std::size_t kBytesMax = 1024;  // beyond it a notice is dropped

  std::string wire;
  std::uint32_t frames = 0;  // in it
  std::size_t sent_bytes = 0;
  bool begun = false;  // has been given to the kernel or to TLS, if only in part

  [[nodiscard]] std::uint64_t unsent_bytes() const { return wire.size() - sent_bytes; }
};

// What crier and a client of a listener with codec envelope know of each other.
struct EnvelopeState {
  Notices notices;
  // Payloads that were dropped for want of room.
  std::uint64_t missed = 0;  // since the gap notice before
  std::uint64_t missed_total = 0;
  // Of the last ping.
  std::uint64_t ping_id = 0;
  Time pinged_at{};  // queued, then sent
  bool awaiting_pong = false;
  bool ping_sent = false;                        // before that nobody can answer it
  std::optional<std::chrono::microseconds> rtt;  // absent: no pong yet
  Time renewed_at{};                             // its credentials; never: the epoch
};

// What only some connections have: those of listeners with TLS, authentication or an envelope.
struct Session {
  std::unique_ptr<TlsSession> tls;
  std::optional<Identity> identity;
  Time expires = kNever;  // its credentials, with the grace
  std::unique_ptr<EnvelopeState> envelope;
};

// When a connection with these credentials ends, if they are not renewed.
[[nodiscard]] Time expiry(const Identity& identity, std::chrono::milliseconds grace, Time now);

}  // namespace crier::dataplane
