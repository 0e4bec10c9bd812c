#pragma once

#include <cstdint>

namespace crier::dataplane {

// Descriptors that clients must leave for everything else: listeners, gRPC, the ops port, logs.
inline constexpr std::uint64_t kReservedFiles = 256;
// Shards by default, however many CPUs there are.
inline constexpr std::uint32_t kDefaultShardsMax = 16;
// Connections of a listener that may be in their handshake: one of so many that it takes, but one
// at least; and with TLS, where each takes some 45 KiB, so many at most.
inline constexpr std::uint64_t kHandshakingPart = 10;
inline constexpr std::uint64_t kTlsHandshakingMax = 1024;

// Raises the soft limit of open files to the hard one; returns what holds then.
std::uint64_t raise_open_file_limit();

// CPUs that this process may use: its affinity and its cgroup's quota, rounded up. At least 1.
[[nodiscard]] std::uint32_t usable_cpus();

}  // namespace crier::dataplane
