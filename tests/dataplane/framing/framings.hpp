#pragma once

#include <cstdint>

#include "dataplane/config.hpp"

namespace crier::dataplane {

inline FramingConfig line_framing() {
  return {.kind = FramingKind::kLine};
}
inline FramingConfig length_framing(std::uint32_t length_bytes) {
  return {.kind = FramingKind::kLength, .length_bytes = length_bytes};
}
inline FramingConfig varint_framing() {
  return {.kind = FramingKind::kVarint};
}
inline FramingConfig fixed_framing(std::uint32_t fixed_bytes) {
  return {.kind = FramingKind::kFixed, .fixed_bytes = fixed_bytes};
}

}  // namespace crier::dataplane
