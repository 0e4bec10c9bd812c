#pragma once

#include <CLI/Option.hpp>
#include <chrono>
#include <cstdint>

namespace crier::services::crierctl {

// What an option's value must look like, checked with a sentence of its own.

// A whole number from 1 to `max`.
[[nodiscard]] CLI::Validator whole_number(std::int64_t max);

// A time with its unit, as 500ms, 10s, 5m or 1h, from 1 ms to `max`; turned into milliseconds.
// REQUIRES: `max` is whole seconds, and at most a day.
[[nodiscard]] CLI::Validator time_with_unit(std::chrono::seconds max = std::chrono::hours(24));

}  // namespace crier::services::crierctl
