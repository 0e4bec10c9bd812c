#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

namespace crier::services::crierctl {

inline constexpr const char* kDefaultAddress = "127.0.0.1:50051";
inline constexpr const char* kAddressVariable = "CRIER_CONTROL";
inline constexpr const char* kTokenFileVariable = "CRIER_TOKEN_FILE";

// How the control API is reached, and who calls it.
struct AccessOptions {
  bool tls = false;
  std::string ca_file;    // PEM; empty: the system's authorities
  std::string cert_file;  // PEM, shown to crier; with key_file
  std::string key_file;
  std::string server_name;  // in crier's certificate; empty: the host of the address
  std::string token_file;   // empty: no token
  bool token_in_plaintext = false;

  // What only makes sense with TLS asks for it.
  [[nodiscard]] bool encrypted() const {
    return tls || !ca_file.empty() || !cert_file.empty() || !server_name.empty();
  }
};

// Options that every command takes.
struct GlobalOptions {
  std::string address = kDefaultAddress;      // of the control API
  std::chrono::milliseconds timeout{10'000};  // of one call; of the wait for an answer on a stream
  bool json = false;
  AccessOptions access = {};
};

// What main() runs once the command line made sense; returns the exit code.
using Command = std::function<int()>;

// The largest payload that any configuration of crier accepts.
inline constexpr std::size_t kPayloadBytesMax = 256U << 20U;

}  // namespace crier::services::crierctl
