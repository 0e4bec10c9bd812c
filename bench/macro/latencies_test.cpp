#include "bench/macro/latencies.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <utility>
#include <vector>

namespace crier::bench {
namespace {

TEST(Latencies, AddUpAsIfAllHadComeToOne) {
  Latencies all;
  Latencies odd;
  Latencies even;
  for (std::uint64_t ns = 1; ns < 100'000; ns = ns * 3 / 2 + 1) {
    all.add(ns);
    (ns % 2 == 0 ? even : odd).add(ns);
  }
  odd += even;
  EXPECT_EQ(odd.max_ns(), all.max_ns());
  for (const double part : {0.0, 0.25, 0.5, 0.75, 0.99}) {
    EXPECT_EQ(odd.quantile_ns(part), all.quantile_ns(part));
  }
}

TEST(Latencies, VisitWhatTheyHoldInOrder) {
  Latencies latencies;
  for (const std::uint64_t ns : {7U, 3U, 7U, 1'000U}) latencies.add(ns);
  std::vector<std::pair<std::uint64_t, std::uint64_t>> seen;
  latencies.for_each([&](std::uint64_t ns, std::uint64_t count) { seen.emplace_back(ns, count); });
  const std::vector<std::pair<std::uint64_t, std::uint64_t>> expected{{3, 1}, {7, 2}, {1'000, 1}};
  EXPECT_EQ(seen, expected);
}

}  // namespace
}  // namespace crier::bench
