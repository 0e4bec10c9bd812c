#pragma once

#include <cstdint>

namespace crier::services::credentials {

// How often files were read again because they had changed. For metrics.
struct ReloadStats {
  std::uint64_t ok = 0;
  std::uint64_t failed = 0;  // a retry counts again
};

}  // namespace crier::services::credentials
