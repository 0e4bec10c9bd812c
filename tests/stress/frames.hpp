#pragma once

#include <cstdint>
#include <string>

namespace crier::testing {

// Frame `sequence` of `source`: every byte follows from the two, so that a reader can check it
// whole. Sources: b0, b1 … publishers, r0, r1 … relaying clients, e0, e1 … echo clients.
[[nodiscard]] inline std::string stress_frame(const std::string& source, std::uint64_t sequence) {
  std::string frame = source + " " + std::to_string(sequence) + " ";
  const std::size_t bytes = frame.size() + sequence * 31 % 400;
  while (frame.size() < bytes) frame.push_back(static_cast<char>('a' + frame.size() % 26));
  return frame + "\n";
}

// What ill-behaved clients have relayed to the others: not part of any sequence.
inline constexpr const char* kNoise = "noise\n";

}  // namespace crier::testing
