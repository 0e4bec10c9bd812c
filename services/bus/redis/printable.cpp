#include "services/bus/redis/printable.hpp"

#include <algorithm>
#include <cstddef>

namespace crier::services::bus::redis {

std::string printable(std::string_view bytes) {
  constexpr std::size_t kLongest = 200;  // Redis's own errors are shorter
  std::string text(bytes.substr(0, kLongest));
  std::replace_if(text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  if (bytes.size() > kLongest) text += "...";
  return text;
}

}  // namespace crier::services::bus::redis
