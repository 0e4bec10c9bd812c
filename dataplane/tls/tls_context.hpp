#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>

typedef struct ssl_ctx_st SSL_CTX;  // as OpenSSL declares it

namespace crier::dataplane {

// Whether clients are asked for a certificate in the handshake.
enum class ClientCertificates : std::uint8_t { kNone, kOptional, kRequired };

class TlsContext;
using TlsContextPtr = std::shared_ptr<const TlsContext>;

// What a listener speaks TLS with: its certificate, and whom it trusts to vouch for clients. TLS
// 1.2 or newer, without renegotiation or session resumption: every connection proves itself anew,
// so a certificate that is no longer trusted opens no more of them. Immutable; any thread.
class TlsContext {
 public:
  struct Files {  // PEM
    std::string cert_file;
    std::string key_file;
    ClientCertificates client_certificates = ClientCertificates::kNone;
    std::string client_ca_file;  // not empty where clients are asked
  };
  // Reads the files now. Otherwise one sentence that says which of them cannot be used, and why.
  [[nodiscard]] static std::variant<TlsContextPtr, std::string> load(const Files& files);

  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;
  ~TlsContext();

  [[nodiscard]] SSL_CTX* native() const;
  // When the listener's own certificate expires.
  [[nodiscard]] std::chrono::system_clock::time_point expires() const { return expires_; }

 private:
  struct Impl;
  explicit TlsContext(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
  std::chrono::system_clock::time_point expires_;
};

}  // namespace crier::dataplane
