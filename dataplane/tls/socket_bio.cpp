#include "dataplane/tls/socket_bio.hpp"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <new>

namespace crier::dataplane {
namespace {

TlsSession& session_of(BIO* bio) {
  return *static_cast<TlsSession*>(::BIO_get_data(bio));
}

}  // namespace

const BIO_METHOD* SocketBio::method() {
  static const std::unique_ptr<BIO_METHOD, decltype(&::BIO_meth_free)> shared = [] {
    BIO_METHOD* method = ::BIO_meth_new(::BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "crier");
    if (method == nullptr) throw std::bad_alloc();
    ::BIO_meth_set_read(method, &SocketBio::read);
    ::BIO_meth_set_write(method, &SocketBio::write);
    ::BIO_meth_set_ctrl(method, &SocketBio::control);
    return std::unique_ptr<BIO_METHOD, decltype(&::BIO_meth_free)>(method, &::BIO_meth_free);
  }();
  return shared.get();
}

BIO* SocketBio::make(TlsSession& session) {
  BIO* bio = ::BIO_new(method());
  if (bio == nullptr) throw std::bad_alloc();
  ::BIO_set_data(bio, &session);
  ::BIO_set_init(bio, 1);
  return bio;
}

int SocketBio::read(BIO* bio, char* into, int bytes) {
  TlsSession& session = session_of(bio);
  ::BIO_clear_retry_flags(bio);
  if (session.error_ != 0) return -1;
  const std::size_t wanted = std::min(static_cast<std::size_t>(bytes), session.ciphertext_left_);
  if (wanted == 0) {
    session.exhausted_ = true;
    ::BIO_set_retry_read(bio);
    return -1;
  }
  const Sockets::Result read = session.sockets_.receive(session.fd_, {into, wanted});
  if (read.would_block()) {
    ::BIO_set_retry_read(bio);
    return -1;
  }
  if (read.error != 0) {
    session.error_ = read.error;
    return -1;
  }
  if (read.bytes == 0) session.read_end_ = true;
  session.ciphertext_left_ -= read.bytes;
  if (session.hello_guard_ && !session.hello_guard_->passes({into, read.bytes})) {
    session.exhausted_ = true;
    return -1;
  }
  return static_cast<int>(read.bytes);
}

int SocketBio::write(BIO* bio, const char* from, int bytes) {
  TlsSession& session = session_of(bio);
  ::BIO_clear_retry_flags(bio);
  const auto wanted = static_cast<std::size_t>(bytes);
  std::size_t taken = 0;
  if (session.untaken_.empty()) {
    const iovec part{const_cast<char*>(from), wanted};
    const Sockets::Result sent = session.sockets_.send(session.fd_, {&part, 1});
    if (sent.error != 0 && !sent.would_block()) {
      session.error_ = sent.error;
      return -1;
    }
    taken = sent.bytes;
    session.progress_ = session.progress_ || taken > 0;
  }
  if (session.untaken_.size() + wanted - taken > TlsSession::kUntakenBytesMax) {
    // A peer that does not read but makes TLS itself answer.
    session.error_ = ENOBUFS;
    return -1;
  }
  try {
    session.untaken_.append(from + taken, wanted - taken);
  } catch (const std::bad_alloc&) {  // there is C between here and whoever could catch it
    session.error_ = ENOMEM;
    return -1;
  }
  return bytes;
}

long SocketBio::control(BIO* bio, int command, long /*number*/, void* /*pointer*/) {
  switch (command) {
    case BIO_CTRL_FLUSH:
      return 1;
    case BIO_CTRL_EOF:
      return session_of(bio).read_end_ ? 1 : 0;
    default:
      return 0;
  }
}

}  // namespace crier::dataplane
