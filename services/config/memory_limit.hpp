#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace crier::services::config {

// Where Linux says how much memory there is.
struct MemoryFiles {
  std::filesystem::path membership = "/proc/self/cgroup";
  std::filesystem::path cgroups = "/sys/fs/cgroup";
  std::filesystem::path physical = "/proc/meminfo";
};

// Bytes that this process may use: the least limit of its cgroup (v2 memory.max, v1
// memory.limit_in_bytes) and those around it, and at most the machine's memory. Nothing where none
// of the files can be read.
[[nodiscard]] std::optional<std::uint64_t> usable_memory(const MemoryFiles& files = {});

}  // namespace crier::services::config
