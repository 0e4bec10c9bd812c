#include "dataplane/limits/token_bucket.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdint>
#include <utility>
#include <vector>

namespace crier::dataplane {
namespace {

using namespace std::chrono_literals;
using Time = TokenBucket::Time;

constexpr Time kStart{1h};

// As many as there are, at most `wanted`.
std::uint64_t take_some(TokenBucket& bucket, std::uint64_t wanted, Time now) {
  const std::uint64_t taken = std::min(wanted, bucket.available(now));
  bucket.take(taken, now);
  return taken;
}

TEST(TokenBucket, StartsWithWhatOneSecondBrings) {
  TokenBucket bucket(10);
  EXPECT_EQ(bucket.available(kStart), 10U);
  EXPECT_EQ(take_some(bucket, 100, kStart), 10U);
  EXPECT_EQ(bucket.available(kStart), 0U);
}

TEST(TokenBucket, FillsEvenlyAndNeverHoldsMore) {
  TokenBucket bucket(10);
  bucket.take(10, kStart);
  EXPECT_EQ(bucket.available(kStart + 99ms), 0U);
  EXPECT_EQ(bucket.available(kStart + 100ms), 1U);
  EXPECT_EQ(bucket.available(kStart + 950ms), 9U);
  EXPECT_EQ(bucket.available(kStart + 1h), 10U);
}

TEST(TokenBucket, WhatIsTakenInAdvanceIsMissingLater) {
  TokenBucket bucket(10);
  bucket.take(30, kStart);
  for (auto later = 0ms; later <= 2s; later += 100ms) {
    EXPECT_EQ(bucket.available(kStart + later), 0U);
  }
  EXPECT_EQ(bucket.ready_at(), kStart + 2s + 100ms);
  EXPECT_EQ(bucket.available(kStart + 3s), 10U);
}

TEST(TokenBucket, StaysWithinItsNumbersAtTheirEnds) {
  TokenBucket one(1);
  one.take(UINT64_MAX, kStart);
  EXPECT_EQ(one.available(kStart + 23h), 0U);
  EXPECT_EQ(one.available(kStart + 24h), 1U);
  TokenBucket most(UINT64_MAX);
  EXPECT_EQ(most.available(kStart), UINT64_MAX);
  most.take(UINT64_MAX, kStart);
  EXPECT_EQ(most.available(kStart), 0U);
}

// Whenever one comes and however much is wanted.
RC_GTEST_PROP(TokenBucket, GivesNoMoreThanItsRateAndABurst,
              (std::uint16_t rate,
               const std::vector<std::pair<std::uint16_t, std::uint32_t>>& takes)) {
  RC_PRE(rate > 0);
  TokenBucket bucket(rate);
  Time now = kStart;
  std::vector<std::pair<Time, std::uint64_t>> taken;
  for (const auto& [wanted, microseconds] : takes) {
    now += std::chrono::microseconds(microseconds % 2'000'000);
    taken.emplace_back(now, take_some(bucket, wanted, now));
    double since = 0;
    for (auto earlier = taken.rbegin(); earlier != taken.rend(); ++earlier) {
      since += static_cast<double>(earlier->second);
      const std::chrono::duration<double> seconds = now - earlier->first;
      RC_ASSERT(since <= rate * (seconds.count() + 1) + 0.001);
    }
  }
}

// Nothing is kept from whoever is slow enough: one unit, as often as the rate says.
RC_GTEST_PROP(TokenBucket, RefusesNothingAtItsRate, (std::uint16_t rate)) {
  RC_PRE(rate > 0);
  TokenBucket bucket(rate);
  const auto step = TokenBucket::kBurst / rate + 1ns;
  for (Time now = kStart; now < kStart + 3 * TokenBucket::kBurst; now += step) {
    RC_ASSERT(take_some(bucket, 1, now) == 1U);
  }
}

RC_GTEST_PROP(TokenBucket, IsReadyWhenItSays, (std::uint16_t rate, std::uint32_t units)) {
  RC_PRE(rate > 0);
  TokenBucket bucket(rate);
  bucket.take(std::uint64_t{rate} + units % 100'000, kStart);
  const Time ready = bucket.ready_at();
  RC_ASSERT(bucket.available(ready) >= 1U);
  RC_ASSERT(bucket.available(ready - 2ns) == 0U);
}

}  // namespace
}  // namespace crier::dataplane
