#pragma once

#include <string_view>

namespace crier::bench {

// Where servers that address by name get their messages: all clients subscribe to the first, those
// of the group to the second as well.
inline constexpr std::string_view kTopicOfAll = "all";
inline constexpr std::string_view kTopicOfGroup = "some";

}  // namespace crier::bench
