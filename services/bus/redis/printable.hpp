#pragma once

#include <string>
#include <string_view>

namespace crier::services::bus::redis {

// Foreign bytes as part of a sentence: what is not printable ASCII becomes '?', and what is too
// long for a line is cut.
[[nodiscard]] std::string printable(std::string_view bytes);

}  // namespace crier::services::bus::redis
