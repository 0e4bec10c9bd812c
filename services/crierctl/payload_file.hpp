#pragma once

#include <cstddef>
#include <string>
#include <variant>

namespace crier::services::crierctl {

struct PayloadError {
  std::string text;  // one sentence
};

// The whole of a file, or of standard input where `path` is "-"; at most `bytes_max` of it.
[[nodiscard]] std::variant<std::string, PayloadError> read_payload(const std::string& path,
                                                                   std::size_t bytes_max);

}  // namespace crier::services::crierctl
