#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>

namespace crier::services::files {

struct FileProblem {
  std::string reason;  // as it follows the file's name: "is larger than 1024 bytes"
};

// What a path may name besides a regular file.
enum class Pipes : std::uint8_t {
  kRefused,  // reading one could wait for ever
  kRead,     // until whoever writes ends; for what is read once, at the start
};

// The whole of a file of at most `bytes_max`.
[[nodiscard]] std::variant<std::string, FileProblem> read_bounded(const std::string& path,
                                                                  std::size_t bytes_max,
                                                                  Pipes pipes = Pipes::kRefused);

}  // namespace crier::services::files
