#include "tests/faults/secure_layer.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>
#include <stdexcept>
#include <utility>

namespace crier::testing {

struct SecureLayer::Native {
  Native() : context(::SSL_CTX_new(::TLS_client_method())), ssl(::SSL_new(context)) {
    ::SSL_set_bio(ssl, ::BIO_new(::BIO_s_mem()), ::BIO_new(::BIO_s_mem()));
    ::SSL_set_connect_state(ssl);
  }
  Native(const Native&) = delete;
  Native& operator=(const Native&) = delete;
  ~Native() {
    ::SSL_free(ssl);
    ::SSL_CTX_free(context);
  }

  SSL_CTX* const context;
  SSL* const ssl;
};

SecureLayer::SecureLayer() : native_(std::make_unique<Native>()) {
  advance();
}

SecureLayer::~SecureLayer() = default;

bool SecureLayer::connected() const {
  return ::SSL_is_init_finished(native_->ssl) == 1;
}

// The handshake, as far as it goes, and what waited for it.
void SecureLayer::advance() {
  ::ERR_clear_error();
  if (!connected()) {
    const int done = ::SSL_do_handshake(native_->ssl);
    if (done != 1 && ::SSL_get_error(native_->ssl, done) != SSL_ERROR_WANT_READ) {
      throw std::runtime_error("the handshake failed");
    }
  }
  if (!connected() || waiting_.empty()) return;
  std::size_t written = 0;
  ::SSL_write_ex(native_->ssl, waiting_.data(), waiting_.size(), &written);
  if (written != waiting_.size()) throw std::runtime_error("TLS cannot write");
  waiting_.clear();
}

void SecureLayer::send(std::string_view plaintext) {
  waiting_ += plaintext;
  advance();
}

std::string SecureLayer::receive(std::string_view ciphertext) {
  ::BIO_write(::SSL_get_rbio(native_->ssl), ciphertext.data(), static_cast<int>(ciphertext.size()));
  advance();
  std::string plaintext;
  std::array<char, 16384> chunk;
  while (connected()) {
    std::size_t got = 0;
    const int done = ::SSL_read_ex(native_->ssl, chunk.data(), chunk.size(), &got);
    plaintext.append(chunk.data(), got);
    if (done == 1) continue;
    const int why = ::SSL_get_error(native_->ssl, done);
    if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_ZERO_RETURN) break;
    throw std::runtime_error("what came is not TLS");
  }
  return plaintext;
}

std::string SecureLayer::take_ciphertext() {
  BIO* const out = ::SSL_get_wbio(native_->ssl);
  std::string bytes(::BIO_ctrl_pending(out), '\0');
  ::BIO_read(out, bytes.data(), static_cast<int>(bytes.size()));
  return bytes;
}

}  // namespace crier::testing
