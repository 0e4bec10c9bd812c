#include "services/control/rpc_stats.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace crier::services::control {
namespace {

using std::chrono::microseconds;

const RpcSnapshot::PerMethod& of(const RpcSnapshot& snapshot, Method method) {
  return snapshot.methods[static_cast<std::size_t>(method)];
}

TEST(RpcStats, CountsByMethodAndCode) {
  RpcStats stats;
  stats.started(Method::kGetClient);
  stats.finished(Method::kGetClient, Code::kNotFound, microseconds(1));
  const RpcSnapshot snapshot = stats.snapshot();
  EXPECT_EQ(of(snapshot, Method::kGetClient).finished[static_cast<std::size_t>(Code::kNotFound)],
            1U);
  EXPECT_EQ(of(snapshot, Method::kGetClient).duration.count(), 1U);
  EXPECT_EQ(of(snapshot, Method::kBroadcast).duration.count(), 0U);
}

TEST(RpcStats, CallsNotFinishedAreInFlight) {
  RpcStats stats;
  stats.started(Method::kDisconnect);
  stats.started(Method::kDisconnect);
  stats.finished(Method::kDisconnect, Code::kOk, microseconds(1));
  EXPECT_EQ(of(stats.snapshot(), Method::kDisconnect).in_flight, 1U);
}

TEST(RpcStats, PutsADurationIntoTheBucketWhoseBoundItReaches) {
  RpcStats stats;
  stats.finished(Method::kBroadcast, Code::kOk, microseconds(100));
  stats.finished(Method::kBroadcast, Code::kOk, microseconds(101));
  stats.finished(Method::kBroadcast, Code::kOk, std::chrono::hours(1));
  stats.finished(Method::kBroadcast, Code::kOk, microseconds(-5));
  const auto duration = of(stats.snapshot(), Method::kBroadcast).duration;
  EXPECT_EQ(duration.counts.front(), 2U);
  EXPECT_EQ(duration.counts[1], 1U);
  EXPECT_EQ(duration.counts.back(), 1U);
  EXPECT_NEAR(duration.sum, 3600.000201, 1e-9);
}

TEST(RpcStats, LosesNothingBetweenThreads) {
  constexpr int kThreads = 4;
  constexpr int kCalls = 5'000;
  RpcStats stats;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&stats] {
      for (int i = 0; i < kCalls; ++i) {
        stats.started(Method::kBroadcastStream);
        stats.finished(Method::kBroadcastStream, Code::kOk, microseconds(1));
      }
    });
  }
  for (int i = 0; i < 1'000; ++i) {
    EXPECT_LE(of(stats.snapshot(), Method::kBroadcastStream).in_flight, kThreads * kCalls + 0U);
  }
  for (auto& thread : threads) thread.join();
  const auto end = of(stats.snapshot(), Method::kBroadcastStream);
  EXPECT_EQ(end.in_flight, 0U);
  EXPECT_EQ(end.duration.count(), static_cast<std::uint64_t>(kThreads * kCalls));
}

}  // namespace
}  // namespace crier::services::control
