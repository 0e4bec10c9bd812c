// The walk over the connections of one shard, over sockets that cost nothing: what a delivery costs
// in crier itself, and how that grows with the number of connections.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>

#include "tests/support/allocation_count.hpp"
#include "tests/support/null_shard.hpp"

namespace crier::dataplane {
namespace {

using testing::allocation_count;
using testing::AllocationCount;
using testing::NullShard;

const std::string kPayload(64, 'x');

// Until pools and vectors have the size that they keep.
constexpr int kWarmUpWalks = 5;

// Each iteration: `jobs` broadcasts to state.range(0) connections in one walk.
void walk(benchmark::State& state, std::size_t jobs) {
  const auto clients = static_cast<std::size_t>(state.range(0));
  NullShard node;
  const AllocationCount before_connections = allocation_count();
  node.connect(clients);
  const AllocationCount connected = allocation_count();
  for (int i = 0; i < kWarmUpWalks; ++i) {
    node.submit(kPayload, jobs);
    node.run();
  }

  std::uint64_t allocations = 0;
  node.sockets.send_calls = 0;
  for (auto _ : state) {
    state.PauseTiming();
    node.submit(kPayload, jobs);
    const std::uint64_t before = allocation_count().allocations;
    state.ResumeTiming();
    node.run();
    state.PauseTiming();
    allocations += allocation_count().allocations - before;
    state.ResumeTiming();
  }
  const auto deliveries =
      static_cast<double>(state.iterations()) * static_cast<double>(clients * jobs);
  state.SetItemsProcessed(static_cast<std::int64_t>(deliveries));
  state.counters["allocations_per_delivery"] = static_cast<double>(allocations) / deliveries;
  state.counters["sends_per_delivery"] = static_cast<double>(node.sockets.send_calls) / deliveries;
  state.counters["bytes_per_connection"] =
      static_cast<double>(connected.live_bytes - before_connections.live_bytes) /
      static_cast<double>(clients);
  state.counters["sizeof_connection"] = sizeof(Connection);
}

void fanout_single(benchmark::State& state) {
  walk(state, 1);
}
BENCHMARK(fanout_single)->RangeMultiplier(10)->Range(1000, 1'000'000);

void fanout_burst_of_100(benchmark::State& state) {
  walk(state, 100);
}
BENCHMARK(fanout_burst_of_100)->RangeMultiplier(10)->Range(1000, 1'000'000);

// Clients come and go, while others stay: one in each chunk of slots.
void connect_disconnect(benchmark::State& state) {
  constexpr std::uint32_t kStaysEvery = 64;
  NullShard node;
  node.connect(static_cast<std::size_t>(state.range(0)));
  const std::size_t moving = node.disconnect_all_but_every(kStaysEvery);
  const std::uint64_t before = allocation_count().allocations;
  for (auto _ : state) {
    node.connect(moving);
    node.disconnect_all_but_every(kStaysEvery);
  }
  const auto connections = static_cast<double>(state.iterations()) * static_cast<double>(moving);
  state.counters["allocations_per_connection"] =
      static_cast<double>(allocation_count().allocations - before) / connections;
  state.SetItemsProcessed(static_cast<std::int64_t>(connections));
}
BENCHMARK(connect_disconnect)->Arg(1000)->Arg(100'000);

}  // namespace
}  // namespace crier::dataplane
