#pragma once

#include <chrono>
#include <cstdint>

namespace crier::dataplane {

// How old a connection may become: `max_age`, give or take a tenth, so that clients that came
// together do not go together. Follows from `draw` alone, which is to differ between connections.
[[nodiscard]] constexpr std::chrono::milliseconds drawn_age(std::chrono::milliseconds max_age,
                                                            std::uint64_t draw) {
  // The finalizer of splitmix64: neighbours become far apart.
  draw ^= draw >> 30U;
  draw *= 0xbf58'476d'1ce4'e5b9U;
  draw ^= draw >> 27U;
  draw *= 0x94d0'49bb'1331'11ebU;
  draw ^= draw >> 31U;
  constexpr std::uint64_t kParts = 1U << 20U;
  const auto tenth = max_age.count() / 10;
  const auto part = static_cast<std::int64_t>(draw % (kParts + 1));
  const auto spread =
      tenth / static_cast<std::int64_t>(kParts) * 2 * part +
      tenth % static_cast<std::int64_t>(kParts) * 2 * part / static_cast<std::int64_t>(kParts);
  return max_age - std::chrono::milliseconds(tenth) + std::chrono::milliseconds(spread);
}

}  // namespace crier::dataplane
