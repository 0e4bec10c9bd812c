#pragma once

#include <string>
#include <string_view>

#include "services/logging/log.hpp"

namespace crier::services::logging {

// The part of a line behind its time. All text is escaped, whatever it holds.
//   text: INFO  message key=value key="text with spaces"
//   JSON: "level":"info","message":"…","key":"text","key":3}
[[nodiscard]] std::string format_text(Level level, std::string_view message, Fields fields);
[[nodiscard]] std::string format_json(Level level, std::string_view message, Fields fields);

}  // namespace crier::services::logging
