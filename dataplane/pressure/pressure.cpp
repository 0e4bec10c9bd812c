#include "dataplane/pressure/pressure.hpp"

#include <cassert>

namespace crier::dataplane {
namespace {

constexpr std::array<std::uint64_t, kPressureLevels> kBeginsPercent{0, 75, 90, 100};
constexpr std::array<std::uint64_t, kPressureLevels> kEndsPercent{0, 65, 80, 80};

std::uint64_t part_of(std::uint64_t budget, std::uint64_t percent) {
  return budget / 100 * percent + budget % 100 * percent / 100;
}

PressureLevel next(PressureLevel level) {
  return static_cast<PressureLevel>(static_cast<std::uint8_t>(level) + 1);
}

PressureLevel previous(PressureLevel level) {
  return static_cast<PressureLevel>(static_cast<std::uint8_t>(level) - 1);
}

}  // namespace

Pressure::Pressure(std::uint64_t budget) {
  for (std::size_t i = 1; i < kPressureLevels; ++i) {
    begins_[i] = budget == 0 ? UINT64_MAX : part_of(budget, kBeginsPercent[i]);
    ends_[i] = part_of(budget, kEndsPercent[i]);
  }
}

void Pressure::observe(std::uint64_t retained) {
  while (retained >= rises_at()) move_to(next(level_));
  while (retained < falls_below()) move_to(previous(level_));
}

void Pressure::refuse(std::uint64_t retained) {
  assert(would_evict(retained));
  while (level_ != PressureLevel::kFull) move_to(next(level_));
  observe(retained);
}

bool Pressure::would_evict(std::uint64_t retained) const {
  const std::uint64_t end = ends_[static_cast<std::size_t>(PressureLevel::kEvict)];
  return end > 0 && retained >= end;
}

std::uint64_t Pressure::rises_at() const {
  if (level_ == PressureLevel::kFull) return UINT64_MAX;
  return begins_[static_cast<std::size_t>(next(level_))];
}

std::uint64_t Pressure::falls_below() const {
  return ends_[static_cast<std::size_t>(level_)];
}

void Pressure::move_to(PressureLevel level) {
  level_ = level;
  ++transitions_[static_cast<std::size_t>(level)];
}

}  // namespace crier::dataplane
