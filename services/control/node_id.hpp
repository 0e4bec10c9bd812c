#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace crier::services::control {

// How one run of a node is called: NAME/RUN, where RUN is its epoch in 13 hexadecimal digits.
[[nodiscard]] std::string make_node_id(std::string_view name, std::uint64_t epoch);

// The 13 digits alone.
[[nodiscard]] std::string epoch_text(std::uint64_t epoch);

}  // namespace crier::services::control
