#include "dataplane/tls/tls_session.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <new>
#include <utility>

#include "dataplane/tls/certificate.hpp"
#include "dataplane/tls/socket_bio.hpp"

namespace crier::dataplane {
namespace {

// What one record carries at most.
constexpr std::size_t kRecordBytesMax = SSL3_RT_MAX_PLAIN_LENGTH;

}  // namespace

struct TlsSession::Native {
  explicit Native(SSL_CTX* context) : ssl(::SSL_new(context)) {
    if (ssl == nullptr) throw std::bad_alloc();
  }
  Native(const Native&) = delete;
  Native& operator=(const Native&) = delete;
  ~Native() { ::SSL_free(ssl); }

  SSL* const ssl;
};

TlsSession::TlsSession(TlsContextPtr context, Sockets& sockets, QueueMemory& memory, int fd)
    : context_(std::move(context)),
      sockets_(sockets),
      memory_(memory),
      fd_(fd),
      native_(std::make_unique<Native>(context_->native())),
      hello_guard_(std::make_unique<ClientHelloGuard>()) {
  BIO* bio = SocketBio::make(*this);
  ::SSL_set_bio(native_->ssl, bio, bio);  // owns it from now on
  ::SSL_set_accept_state(native_->ssl);
}

TlsSession::~TlsSession() {
  memory_.give_back(counted_bytes_);
}

void TlsSession::count_untaken() {
  static const std::size_t in_place = std::string().capacity();
  const std::size_t held =
      untaken_.capacity() > in_place ? allocation_bytes(untaken_.capacity() + 1) : 0;
  if (held > counted_bytes_) memory_.take(held - counted_bytes_);
  if (held < counted_bytes_) memory_.give_back(counted_bytes_ - held);
  counted_bytes_ = held;
}

TlsSession::Handshake TlsSession::handshake() {
  if (!push_untaken()) return Handshake::kClosed;
  ::ERR_clear_error();
  const int done = ::SSL_do_handshake(native_->ssl);
  count_untaken();
  if (done == 1) {
    if (hello_guard_ != nullptr) watch_own_messages();
    hello_guard_.reset();
    return untaken_.empty() ? Handshake::kDone : Handshake::kWaiting;
  }
  if (exhausted_) {
    problem_ = "longer than any handshake";
    return Handshake::kFailed;
  }
  const int why = ::SSL_get_error(native_->ssl, done);
  if (why == SSL_ERROR_WANT_READ) return Handshake::kWaiting;
  if (error_ != 0 || read_end_) return Handshake::kClosed;
  if (const char* reason = ::ERR_reason_error_string(::ERR_peek_error())) problem_ = reason;
  return Handshake::kFailed;
}

// From now on: those of the handshake itself are no burden.
void TlsSession::watch_own_messages() {
  constexpr auto kOnMessage = [](int written, int /*version*/, int type, const void* /*message*/,
                                 std::size_t /*bytes*/, SSL* /*ssl*/, void* session) {
    if (written == 0 && type == SSL3_RT_HANDSHAKE) {
      static_cast<TlsSession*>(session)->on_own_message();
    }
  };
  ::SSL_set_msg_callback(native_->ssl, kOnMessage);
  ::SSL_set_msg_callback_arg(native_->ssl, this);
}

void TlsSession::on_own_message() {
  if (++own_messages_ > kOwnMessagesMax) error_ = EPROTO;
}

Sockets::Result TlsSession::receive(std::span<char> into, bool& more) {
  ciphertext_left_ = kCiphertextBytesMax;
  exhausted_ = false;
  std::size_t total = 0;
  while (total < into.size() && !read_end_ && !read_failed_) {
    ::ERR_clear_error();
    std::size_t bytes = 0;
    if (::SSL_read_ex(native_->ssl, into.data() + total, into.size() - total, &bytes) == 1) {
      total += bytes;
      continue;
    }
    const int why = ::SSL_get_error(native_->ssl, 0);
    if (why == SSL_ERROR_WANT_READ) break;
    (why == SSL_ERROR_ZERO_RETURN ? read_end_ : read_failed_) = true;
  }
  count_untaken();
  own_messages_since_ += total;
  if (own_messages_since_ >= kOwnMessagesBytes) {
    own_messages_since_ = 0;
    own_messages_ = 0;
  }
  more = read_end_ || read_failed_ || exhausted_;
  if (total > 0) return {total, 0};
  if (read_failed_) return {0, error_ != 0 ? error_ : EPROTO};
  return read_end_ ? Sockets::Result{} : Sockets::Result{0, EAGAIN};
}

Sockets::Result TlsSession::send(std::span<const iovec> from) {
  const Sockets::Result result = send_records(from);
  count_untaken();
  return result;
}

Sockets::Result TlsSession::send_records(std::span<const iovec> from) {
  if (!push_untaken()) return {0, error_};
  if (!untaken_.empty()) return {0, EAGAIN};
  // What was begun is through: it is the front of the first entry.
  std::size_t skip = std::exchange(begun_bytes_, 0);
  std::size_t sent = skip;
  for (const iovec& part : from) {
    std::string_view rest(static_cast<const char*>(part.iov_base), part.iov_len);
    rest.remove_prefix(std::exchange(skip, 0));
    while (!rest.empty()) {
      const std::string_view record = rest.substr(0, kRecordBytesMax);
      if (!encrypt(record)) {
        // What is through is said first; the next call fails again.
        if (sent > 0) return {sent, 0};
        return {0, error_ != 0 ? error_ : EPROTO};
      }
      if (!untaken_.empty()) {
        begun_bytes_ = record.size();
        return {sent, 0};
      }
      sent += record.size();
      rest.remove_prefix(record.size());
    }
  }
  return {sent, 0};
}

bool TlsSession::encrypt(std::string_view plaintext) {
  ::ERR_clear_error();
  std::size_t written = 0;
  const bool done = ::SSL_write_ex(native_->ssl, plaintext.data(), plaintext.size(), &written) == 1;
  assert(!done || written == plaintext.size());
  return done;
}

bool TlsSession::push_untaken() {
  if (untaken_.empty()) return true;
  const iovec part{untaken_.data(), untaken_.size()};
  const Sockets::Result sent = sockets_.send(fd_, {&part, 1});
  if (sent.error != 0 && !sent.would_block()) {
    error_ = sent.error;
    return false;
  }
  progress_ = progress_ || sent.bytes > 0;
  untaken_.erase(0, sent.bytes);
  if (untaken_.empty()) untaken_.shrink_to_fit();
  return true;
}

void TlsSession::finish() {
  ::ERR_clear_error();
  (void)::SSL_shutdown(native_->ssl);
  count_untaken();
}

std::string TlsSession::peer_subject() const {
  const std::unique_ptr<X509, decltype(&::X509_free)> certificate(
      ::SSL_get1_peer_certificate(native_->ssl), &::X509_free);
  const std::unique_ptr<BIO, decltype(&::BIO_free)> text(::BIO_new(::BIO_s_mem()), &::BIO_free);
  if (!certificate || !text) return {};
  ::X509_NAME_print_ex(text.get(), ::X509_get_subject_name(certificate.get()), 0, XN_FLAG_RFC2253);
  char* bytes = nullptr;
  const long size = ::BIO_get_mem_data(text.get(), &bytes);
  return size > 0 ? std::string(bytes, static_cast<std::size_t>(size)) : std::string();
}

std::chrono::system_clock::time_point TlsSession::peer_expires() const {
  const X509* certificate = ::SSL_get0_peer_certificate(native_->ssl);
  return certificate == nullptr ? std::chrono::system_clock::time_point()
                                : expires_at(*certificate);
}

std::string_view TlsSession::version() const {
  return ::SSL_get_version(native_->ssl);
}

}  // namespace crier::dataplane
