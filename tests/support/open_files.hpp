#pragma once

#include <cstddef>
#include <filesystem>
#include <iterator>

namespace crier::testing {

// File descriptors that this process has open.
[[nodiscard]] inline std::size_t open_files() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  // One of them is the directory itself.
  return static_cast<std::size_t>(std::distance(begin(all), end(all))) - 1;
}

}  // namespace crier::testing
