#pragma once

#include <cstddef>
#include <string>
#include <variant>

#include "services/credentials/problem.hpp"

namespace crier::services::credentials {

// files::read_bounded(), or "PATH: why not".
[[nodiscard]] std::variant<std::string, Problem> read_file(const std::string& path,
                                                           std::size_t bytes_max);

}  // namespace crier::services::credentials
