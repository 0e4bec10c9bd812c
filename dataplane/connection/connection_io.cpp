// How a connection reads and writes: through TLS, where there is some.
#include "dataplane/connection/connection.hpp"

namespace crier::dataplane {

// `more`: an end or an error waits behind what was received, and no event will tell of it.
Sockets::Result Connection::receive_some(std::span<char> into, bool& more) {
  TlsSession* const secure = tls();
  return secure != nullptr ? secure->receive(into, more) : shard_.sockets.receive(origin_.fd, into);
}

Sockets::Result Connection::send_some(std::span<const iovec> from) {
  TlsSession* const secure = tls();
  return secure != nullptr ? secure->send(from) : shard_.sockets.send(origin_.fd, from);
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
