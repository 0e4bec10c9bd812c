#include "services/ops/open_connections.hpp"

#include <gtest/gtest.h>

namespace crier::services::ops {
namespace {

using std::chrono::seconds;
using Sockets = std::vector<int>;

constexpr OpenConnections::Time kStart{};

TEST(OpenConnections, TheOldestLeavesRatherThanThatTheLastPlaceIsTaken) {
  OpenConnections open(3, seconds(10));
  EXPECT_EQ(open.add(5, kStart), Sockets{});
  EXPECT_EQ(open.add(4, kStart), Sockets{});
  EXPECT_EQ(open.add(9, kStart), Sockets{5});
  EXPECT_EQ(open.add(5, kStart), Sockets{4});
  EXPECT_EQ(open.size(), 2U);
}

TEST(OpenConnections, WhoHasEndedLeavesItsPlace) {
  OpenConnections open(3, seconds(10));
  EXPECT_EQ(open.add(5, kStart), Sockets{});
  EXPECT_EQ(open.add(4, kStart), Sockets{});
  open.remove(5);
  open.remove(77);
  EXPECT_EQ(open.add(9, kStart), Sockets{});
  EXPECT_EQ(open.add(6, kStart), Sockets{4});
}

TEST(OpenConnections, WhoIsTooOldLeavesWhenSomebodyComes) {
  OpenConnections open(256, seconds(10));
  EXPECT_EQ(open.add(5, kStart), Sockets{});
  EXPECT_EQ(open.add(4, kStart + seconds(1)), Sockets{});
  EXPECT_EQ(open.add(9, kStart + seconds(10)), Sockets{});
  EXPECT_EQ(open.add(6, kStart + seconds(12)), (Sockets{5, 4}));
  EXPECT_EQ(open.size(), 2U);
}

TEST(OpenConnections, ASocketThatIsUsedAgainIsNew) {
  OpenConnections open(3, seconds(10));
  EXPECT_EQ(open.add(5, kStart), Sockets{});
  EXPECT_EQ(open.add(5, kStart + seconds(11)), Sockets{});
  EXPECT_EQ(open.size(), 1U);
}

}  // namespace
}  // namespace crier::services::ops
