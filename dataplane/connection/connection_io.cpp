// How a connection reads and writes: through TLS, where there is some.
#include "dataplane/connection/connection.hpp"

namespace crier::dataplane {

// `more`: an end or an error waits behind what was received, and no event will tell of it.
Sockets::Result Connection::receive_some(std::span<char> into, bool& more) {
  TlsSession* const secure = tls();
  if (secure == nullptr) return shard_.sockets.receive(origin_.fd, into);
  const Sockets::Result read = secure->receive(into, more);
  note_ciphertext(*secure);
  // TLS has answered something by itself, and the client does not read.
  if (tls_blocked_ && !blocked_) note_progress(0, 1);
  return read;
}

Sockets::Result Connection::send_some(std::span<const iovec> from) {
  TlsSession* const secure = tls();
  if (secure == nullptr) return shard_.sockets.send(origin_.fd, from);
  const Sockets::Result sent = secure->send(from);
  note_ciphertext(*secure);
  return sent;
}

// Plaintext counts as sent by whole records; a client that takes a part of one has not stalled.
void Connection::note_ciphertext(TlsSession& secure) {
  tls_blocked_ = secure.untaken_bytes() > 0;
  if (secure.take_progress() && stalled_since_ != kNever) stalled_since_ = shard_.now;
}

// Bytes at the front of the channel that are in a record already.
std::uint64_t Connection::begun_bytes() const {
  const TlsSession* const secure = tls();
  if (secure == nullptr || (notices_due_ && envelope()->notices.begun)) return 0;
  return secure->begun_bytes();
}

// Whether what the client has got so far ends within a frame.
bool Connection::mid_frame() const {
  if (notices_due_ && envelope()->notices.begun) return true;
  return channel_.head_partly_sent() || begun_bytes() > 0;
}

void Connection::shutdown_send() {
  if (TlsSession* const secure = tls()) secure->finish();
  shard_.sockets.shutdown_send(origin_.fd);
}

}  // namespace crier::dataplane
