#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace crier::services::control {

// A 64-bit hash over fields, to tell things apart that differ by accident. It is the same only
// within one process and no defence against somebody who looks for collisions.
class Fingerprint {
 public:
  void add(std::string_view text) { add(std::hash<std::string_view>{}(text)); }

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
