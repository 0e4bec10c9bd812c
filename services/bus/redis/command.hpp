#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace crier::services::bus::redis {

// A command as Redis reads it. The words may hold any bytes.
[[nodiscard]] std::string command(std::initializer_list<std::string_view> words);

}  // namespace crier::services::bus::redis
