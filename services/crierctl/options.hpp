#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

namespace crier::services::crierctl {

inline constexpr const char* kDefaultAddress = "127.0.0.1:50051";
inline constexpr const char* kAddressVariable = "CRIER_CONTROL";

// Options that every command takes.
struct GlobalOptions {
  std::string address = kDefaultAddress;      // of the control API
  std::chrono::milliseconds timeout{10'000};  // of one call; of the wait for an answer on a stream
  bool json = false;
};

// What main() runs once the command line made sense; returns the exit code.
using Command = std::function<int()>;

// The largest payload that any configuration of crier accepts.
inline constexpr std::size_t kPayloadBytesMax = 256U << 20U;

}  // namespace crier::services::crierctl
