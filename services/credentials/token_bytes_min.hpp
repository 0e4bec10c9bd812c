#pragma once

#include <cstddef>

namespace crier::services::credentials {

// Of a token that two sides share, whoever shows it; shorter ones can be guessed.
inline constexpr std::size_t kSharedTokenBytesMin = 16;

}  // namespace crier::services::credentials
