#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <variant>

namespace crier::services::control {

// The files of control.tls; client_ca_file may be empty.
struct TlsFiles {
  std::string cert_file;
  std::string key_file;
  std::string client_ca_file;
};

// What they hold, PEM, checked: the certificate and the key fit together, and nothing of it is too
// weak for TLS.
struct TlsMaterial {
  std::string certificates;  // the server's own, and those between it and its authority
  std::string key;
  std::string client_authorities;                   // empty: callers show no certificate
  std::chrono::system_clock::time_point expires{};  // the server's own certificate

  bool operator==(const TlsMaterial&) const = default;
};

struct TlsProblem {
  std::string sentence;  // names the key and the file
};

using LoadedTls = std::variant<std::shared_ptr<const TlsMaterial>, TlsProblem>;

inline constexpr std::size_t kPemBytesMax = 1U << 20U;  // of one file

// Reads and checks all of them, so that a set that is being replaced file by file is not used.
[[nodiscard]] LoadedTls load_tls(const TlsFiles& paths);

}  // namespace crier::services::control
