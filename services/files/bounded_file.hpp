#pragma once

#include <cstddef>
#include <string>
#include <variant>

namespace crier::services::files {

struct FileProblem {
  std::string reason;  // as it follows the file's name: "is larger than 1024 bytes"
};

// The whole of a regular file of at most `bytes_max`. Anything else a path may name is refused,
// since reading it could wait for ever.
[[nodiscard]] std::variant<std::string, FileProblem> read_bounded(const std::string& path,
                                                                  std::size_t bytes_max);

}  // namespace crier::services::files
