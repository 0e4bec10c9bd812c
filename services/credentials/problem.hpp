#pragma once

#include <string>

namespace crier::services::credentials {

// Why something cannot be used, in words that quote nothing that may be a secret.
struct Problem {
  std::string text;
};

}  // namespace crier::services::credentials
