#include "services/cluster/held_requests.hpp"

#include <gtest/gtest.h>

namespace crier::services::cluster {
namespace {

constexpr HeldRequests::Clock::time_point kStart{};

HeldRequest request(std::uint64_t from) {
  HeldRequest request;
  request.from = from;
  return request;
}

std::vector<std::uint64_t> senders(const std::vector<HeldRequest>& requests) {
  std::vector<std::uint64_t> from;
  for (const HeldRequest& each : requests) from.push_back(each.from);
  return from;
}

bool hold(HeldRequests& held, std::uint64_t from, HeldRequests::Clock::time_point now) {
  HeldRequest asked = request(from);
  return held.hold(asked, now);
}

TEST(HeldRequests, AreReleasedInOrderOnceReady) {
  HeldRequests held;
  for (const std::uint64_t from : {1, 2, 3, 4}) EXPECT_TRUE(hold(held, from, kStart));
  const auto even = [](const HeldRequest& each) { return each.from % 2 == 0; };
  EXPECT_EQ(senders(held.release(even, kStart)), (std::vector<std::uint64_t>{2, 4}));
  EXPECT_FALSE(held.empty());
  EXPECT_EQ(senders(held.release([](const auto&) { return true; }, kStart)),
            (std::vector<std::uint64_t>{1, 3}));
  EXPECT_TRUE(held.empty());
}

TEST(HeldRequests, AreReleasedWhenTheyHaveWaitedLongEnough) {
  HeldRequests held;
  const auto never = [](const HeldRequest&) { return false; };
  EXPECT_EQ(held.next_deadline(), HeldRequests::Clock::time_point::max());
  EXPECT_TRUE(hold(held, 1, kStart));
  EXPECT_TRUE(hold(held, 2, kStart + std::chrono::milliseconds(1)));
  EXPECT_EQ(held.next_deadline(), kStart + HeldRequests::kHold);
  EXPECT_EQ(senders(held.release(never, kStart + HeldRequests::kHold)),
            std::vector<std::uint64_t>{1});
}

TEST(HeldRequests, AreBounded) {
  HeldRequests held;
  for (std::size_t i = 0; i < HeldRequests::kRequestsMax; ++i) EXPECT_TRUE(hold(held, i, kStart));
  EXPECT_FALSE(hold(held, 1, kStart));
}

}  // namespace
}  // namespace crier::services::cluster
