#pragma once

#include <openssl/ssl.h>

#include <string>

namespace crier::services::control {

// How a TLS handshake with somebody ended, whoever vouches for them.
struct Handshake {
  bool done = false;
  int version = 0;      // as TLS1_3_VERSION
  std::string subject;  // of the certificate that was shown, RFC 2253
};

// Connects anew to host:port of loopback. `version_max` 0: the newest; older ones are offered also
// where OpenSSL by itself would not any more.
[[nodiscard]] Handshake shake_hands(const std::string& address, int version_max);

}  // namespace crier::services::control
