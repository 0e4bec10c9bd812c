#include "dataplane/histogram.hpp"

#include <gmock/gmock.h>

#include <array>
#include <cmath>
#include <limits>

#include "dataplane/stats.hpp"

namespace crier::dataplane {
namespace {

using ::testing::ElementsAre;

constexpr std::array<double, 3> kBounds{0, 1, 10};

TEST(Histogram, UpperBoundsAreInclusive) {
  Histogram<kBounds> histogram;
  for (const double bound : kBounds) histogram.observe(bound);
  EXPECT_THAT(histogram.counts, ElementsAre(1, 1, 1, 0));
  for (const double bound : kBounds) {
    histogram.observe(std::nextafter(bound, std::numeric_limits<double>::max()));
  }
  EXPECT_THAT(histogram.counts, ElementsAre(1, 2, 2, 1));
}

TEST(Histogram, WhatIsBelowAndAboveAllBoundsCountsToo) {
  Histogram<kBounds> histogram;
  histogram.observe(-5);
  histogram.observe(std::numeric_limits<double>::infinity());
  EXPECT_THAT(histogram.counts, ElementsAre(1, 0, 0, 1));
}

TEST(Histogram, CountsAndSums) {
  Histogram<kBounds> histogram;
  EXPECT_EQ(histogram.count(), 0U);
  histogram.observe(0.5);
  histogram.observe(20);
  EXPECT_EQ(histogram.count(), 2U);
  EXPECT_EQ(histogram.sum, 20.5);
}

TEST(Histogram, AddsBucketByBucket) {
  Histogram<kBounds> one;
  Histogram<kBounds> other;
  one.observe(0.5);
  other.observe(0.25);
  other.observe(20);
  one += other;
  EXPECT_THAT(one.counts, ElementsAre(0, 2, 0, 1));
  EXPECT_EQ(one.sum, 20.75);
}

template <const auto& Bounds>
void expect_ascending() {
  for (std::size_t i = 1; i < Bounds.size(); ++i) EXPECT_LT(Bounds[i - 1], Bounds[i]) << i;
}

TEST(Histogram, TheBoundsInUseAscend) {
  expect_ascending<kLifetimeBounds>();
  expect_ascending<kWaitBounds>();
  expect_ascending<kEnqueueBounds>();
  expect_ascending<kWidthBounds>();
}

}  // namespace
}  // namespace crier::dataplane
