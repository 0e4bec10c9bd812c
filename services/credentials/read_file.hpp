#pragma once

#include <cstddef>
#include <string>
#include <variant>

#include "services/credentials/problem.hpp"

namespace crier::services::credentials {

// The whole of a file, or "PATH: why not". Reads at most one byte more than `bytes_max`, and does
// not wait for anything, whatever kind of file it is.
[[nodiscard]] std::variant<std::string, Problem> read_file(const std::string& path,
                                                           std::size_t bytes_max);

}  // namespace crier::services::credentials
