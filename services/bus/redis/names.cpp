#include "services/bus/redis/names.hpp"

#include <array>
#include <charconv>

namespace crier::services::bus::redis {

Names::Names(const std::string& prefix, std::uint64_t node)
    : nodes(prefix + ":node:"),
      all(prefix + ":all"),
      own(channel(node)),
      stream(prefix + ":stream") {}

std::string Names::channel(std::uint64_t to) const {
  return to == kEveryone ? all : nodes + hex(to);
}

std::string hex(std::uint64_t value) {
  constexpr std::size_t kDigitsMin = 13;  // 52 bits
  std::array<char, 16> digits{};
  const auto [end, error] = std::to_chars(digits.begin(), digits.end(), value, 16);
  std::string text(digits.begin(), end);
  if (text.size() < kDigitsMin) text.insert(0, kDigitsMin - text.size(), '0');
  return text;
}

}  // namespace crier::services::bus::redis
