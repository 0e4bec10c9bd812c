#pragma once

#include <string_view>

namespace crier::services::ops {

struct BuildInfo {
  std::string_view version;   // of the release
  std::string_view revision;  // of the source; "unknown" outside a checkout
  std::string_view compiler;
};

[[nodiscard]] const BuildInfo& build_info();

}  // namespace crier::services::ops
