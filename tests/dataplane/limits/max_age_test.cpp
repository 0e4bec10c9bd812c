#include "dataplane/limits/max_age.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace crier::dataplane {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

TEST(DrawnAge, IsGiveOrTakeATenth) {
  for (const milliseconds max_age :
       {milliseconds(1), 10ms, 999ms, milliseconds(1h), milliseconds(24h), milliseconds(8'760h)}) {
    for (std::uint64_t draw = 0; draw < 1'000; ++draw) {
      EXPECT_GE(drawn_age(max_age, draw), max_age - max_age / 10);
      EXPECT_LE(drawn_age(max_age, draw), max_age + max_age / 10);
    }
  }
}

// Connections have serials in a row.
TEST(DrawnAge, SpreadsNeighboursEvenly) {
  constexpr std::uint64_t kConnections = 10'000;
  std::array<std::uint64_t, 10> parts{};
  for (std::uint64_t draw = 1; draw <= kConnections; ++draw) {
    const auto offset = drawn_age(1h, draw) - milliseconds(54min);
    ++parts[std::min<std::size_t>(9, static_cast<std::size_t>(offset / milliseconds(72s)))];
  }
  for (const std::uint64_t part : parts) {
    EXPECT_GT(part, kConnections / 10 * 8 / 10);
    EXPECT_LT(part, kConnections / 10 * 12 / 10);
  }
}

TEST(DrawnAge, IsTheSameForTheSameDraw) {
  EXPECT_EQ(drawn_age(1h, 7), drawn_age(1h, 7));
}

}  // namespace
}  // namespace crier::dataplane
