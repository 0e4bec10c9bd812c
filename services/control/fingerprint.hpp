#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace crier::services::control {

// A 64-bit hash over fields, to tell things apart that differ by accident. Every node of a cluster
// gets the same (the byte order of words is the machine's: nodes of both orders do not mix). No
// defence against somebody who looks for collisions.
class Fingerprint {
 public:
  void add(std::string_view text) {
    add(static_cast<std::uint64_t>(text.size()));
    for (std::size_t at = 0; at < text.size(); at += sizeof(std::uint64_t)) {
      std::uint64_t word = 0;
      std::memcpy(&word, text.data() + at, std::min(sizeof word, text.size() - at));
      add(word);
    }
  }

  void add(std::uint64_t number) {  // splitmix64's finaliser, so that order and position count
    std::uint64_t mixed = value_ + 0x9e3779b97f4a7c15U + number;
    mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9U;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebU;
    value_ = mixed ^ (mixed >> 31U);
  }

  [[nodiscard]] std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0;
};

}  // namespace crier::services::control
