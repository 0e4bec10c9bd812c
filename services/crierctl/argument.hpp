#pragma once

#include <CLI/Option.hpp>
#include <cstdint>

namespace crier::services::crierctl {

// What an option's value must look like, checked with a sentence of its own.

// A whole number from 1 to `max`.
[[nodiscard]] CLI::Validator whole_number(std::int64_t max);

// A time with its unit, as 500ms, 10s, 5m or 1h, of at most a day; turned into milliseconds.
[[nodiscard]] CLI::Validator time_with_unit();

}  // namespace crier::services::crierctl
