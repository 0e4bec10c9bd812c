#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "crier/v1/config.pb.h"

// Counts, durations and sizes: text and number.
namespace crier::services::config {

struct NumberError {
  std::string reason;
};

// Reads a KIND_COUNT, KIND_DURATION (to milliseconds) or KIND_BYTES. Only whole decimal numbers;
// a duration needs a unit (ms, s, m, h), a size may have one (KiB, MiB, GiB).
[[nodiscard]] std::variant<std::int64_t, NumberError> parse_number(v1::KeyOptions::Kind kind,
                                                                   std::string_view text);

// The shortest spelling that parse_number() reads back to `value`, which must not be negative.
[[nodiscard]] std::string format_number(v1::KeyOptions::Kind kind, std::int64_t value);

}  // namespace crier::services::config
