#include "tests/support/tls_client.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>

#include <array>
#include <csignal>
#include <stdexcept>
#include <utility>

#include "tests/support/deadline.hpp"

namespace crier::testing {
namespace {

[[noreturn]] void fail(const char* what) {
  std::array<char, 256> text{};
  ::ERR_error_string_n(::ERR_get_error(), text.data(), text.size());
  throw std::runtime_error(std::string(what) + ": " + text.data());
}

}  // namespace

struct TlsClient::Native {
  Native() : context(::SSL_CTX_new(::TLS_client_method())) {}
  Native(const Native&) = delete;
  Native& operator=(const Native&) = delete;
  ~Native() {
    ::SSL_free(ssl);
    ::SSL_CTX_free(context);
  }

  SSL_CTX* context;
  SSL* ssl = nullptr;
};

TlsClient::TlsClient(const std::string& address, const Options& options)
    : tcp_(address, options.tcp), native_(std::make_unique<Native>()) {
  ::signal(SIGPIPE, SIG_IGN);  // OpenSSL's writing would raise it where the other side has gone
  SSL_CTX* const context = native_->context;
  ::SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  if (options.version_max != 0) {
    // Otherwise OpenSSL itself would not even offer what the test is about.
    ::SSL_CTX_set_security_level(context, 0);
    ::SSL_CTX_set_min_proto_version(context, options.version_max);
    ::SSL_CTX_set_max_proto_version(context, options.version_max);
  }
  if (!options.ca_file.empty()) {
    ::SSL_CTX_load_verify_locations(context, options.ca_file.c_str(), nullptr);
    ::SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  }
  if (!options.cert_file.empty()) {
    ::SSL_CTX_use_certificate_chain_file(context, options.cert_file.c_str());
    ::SSL_CTX_use_PrivateKey_file(context, options.key_file.c_str(), SSL_FILETYPE_PEM);
  }
  tcp_.send(options.preamble);
  native_->ssl = ::SSL_new(context);
  ::SSL_set_fd(native_->ssl, tcp_.fd());
  for (int done = 0; done != 1;) {
    ::ERR_clear_error();
    done = ::SSL_connect(native_->ssl);
    if (done != 1 && !wait(done)) throw std::runtime_error("the handshake was cut off");
  }
}

TlsClient::~TlsClient() = default;

bool TlsClient::wait(int result) {
  pollfd waited{tcp_.fd(), POLLIN, 0};
  switch (::SSL_get_error(native_->ssl, result)) {
    case SSL_ERROR_WANT_READ:
      break;
    case SSL_ERROR_WANT_WRITE:
      waited.events = POLLOUT;
      break;
    case SSL_ERROR_ZERO_RETURN:
      return false;
    default:
      fail("TLS");
  }
  const Deadline deadline;
  if (::poll(&waited, 1, deadline.left_ms()) <= 0) throw std::runtime_error("nothing came in time");
  return true;
}

void TlsClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    ::ERR_clear_error();
    std::size_t sent = 0;
    const int done = ::SSL_write_ex(native_->ssl, bytes.data(), bytes.size(), &sent);
    if (done == 1) {
      bytes.remove_prefix(sent);
    } else if (!wait(done)) {
      fail("send");
    }
  }
}

bool TlsClient::receive() {
  std::array<char, 16384> chunk;
  for (;;) {
    ::ERR_clear_error();
    std::size_t got = 0;
    const int done = ::SSL_read_ex(native_->ssl, chunk.data(), chunk.size(), &got);
    if (done == 1) {
      buffer_.append(chunk.data(), got);
      return true;
    }
    if (!wait(done)) return false;
  }
}

std::string TlsClient::read(std::size_t bytes) {
  while (buffer_.size() < bytes && receive()) {
  }
  std::string out = buffer_.substr(0, bytes);
  buffer_.erase(0, out.size());
  return out;
}

std::string TlsClient::read_line() {
  std::size_t end = 0;
  while ((end = buffer_.find('\n')) == std::string::npos && receive()) {
  }
  return read(end == std::string::npos ? buffer_.size() : end + 1);
}

std::string TlsClient::read_to_any_end() {
  try {
    while (receive()) {
    }
  } catch (const std::runtime_error&) {
    // Whatever ended it.
  }
  return std::exchange(buffer_, {});
}

void TlsClient::finish() {
  (void)::SSL_shutdown(native_->ssl);
  tcp_.finish();
}

void TlsClient::update_keys() {
  ::SSL_key_update(native_->ssl, SSL_KEY_UPDATE_REQUESTED);
}

std::string_view TlsClient::version() const {
  return ::SSL_get_version(native_->ssl);
}

std::string TlsClient::peer_name() const {
  X509* const certificate = ::SSL_get0_peer_certificate(native_->ssl);
  if (certificate == nullptr) return {};
  std::array<char, 256> name{};
  ::X509_NAME_get_text_by_NID(::X509_get_subject_name(certificate), NID_commonName, name.data(),
                              static_cast<int>(name.size()));
  return name.data();
}

}  // namespace crier::testing
