#pragma once

#include <openssl/bio.h>
#include <openssl/ssl.h>

#include <array>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace crier::testing {

// A TLS client without a socket: what it says is taken from it, and what it is told given to it, by
// whoever plays the network.
class ScriptedTlsClient {
 public:
  ScriptedTlsClient() : context_(::SSL_CTX_new(::TLS_client_method())) {
    ssl_.reset(::SSL_new(context_.get()));
    ::SSL_set_bio(ssl_.get(), ::BIO_new(::BIO_s_mem()), ::BIO_new(::BIO_s_mem()));
    ::SSL_set_connect_state(ssl_.get());
  }

  // One step of its handshake; true once that is done.
  bool shake_hands() { return ::SSL_do_handshake(ssl_.get()) == 1; }
  void send(std::string_view bytes) {
    require(::SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())));
  }
  // Says that its keys are new from now on, and asks for new ones.
  void update_keys() {
    require(::SSL_key_update(ssl_.get(), SSL_KEY_UPDATE_REQUESTED));
    require(::SSL_do_handshake(ssl_.get()));
  }

  // Ciphertext: what it has said since this was last asked, and what it is told.
  [[nodiscard]] std::string take_said() {
    std::string said;
    std::array<char, 4096> chunk;
    for (int n = 0; (n = ::BIO_read(::SSL_get_wbio(ssl_.get()), chunk.data(), chunk.size())) > 0;) {
      said.append(chunk.data(), static_cast<std::size_t>(n));
    }
    return said;
  }
  void tell(std::string_view bytes) {
    if (!bytes.empty()) {
      ::BIO_write(::SSL_get_rbio(ssl_.get()), bytes.data(), static_cast<int>(bytes.size()));
    }
  }
  // Plaintext that it has been told.
  [[nodiscard]] std::string read() {
    std::string got;
    std::array<char, 16384> chunk;
    for (int n = 0; (n = ::SSL_read(ssl_.get(), chunk.data(), chunk.size())) > 0;) {
      got.append(chunk.data(), static_cast<std::size_t>(n));
    }
    return got;
  }

 private:
  static void require(int done) {
    if (done <= 0) throw std::runtime_error("TLS");
  }

  struct Free {
    void operator()(SSL_CTX* context) const { ::SSL_CTX_free(context); }
    void operator()(SSL* ssl) const { ::SSL_free(ssl); }
  };
  std::unique_ptr<SSL_CTX, Free> context_;
  std::unique_ptr<SSL, Free> ssl_;
};

}  // namespace crier::testing
