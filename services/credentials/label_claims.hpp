#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace crier::services::credentials {

// The names in "a,b,c"; none in "". An empty name stays one, for the configuration's check to see.
[[nodiscard]] inline std::vector<std::string> split_label_claims(std::string_view text) {
  std::vector<std::string> names;
  while (!text.empty() || !names.empty()) {
    const std::size_t comma = text.find(',');
    names.emplace_back(text.substr(0, comma));
    if (comma == std::string_view::npos) break;
    text.remove_prefix(comma + 1);
  }
  return names;
}

}  // namespace crier::services::credentials
