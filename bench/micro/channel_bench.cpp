// A connection's queue on its own.
#include <benchmark/benchmark.h>
#include <sys/uio.h>

#include <array>
#include <cstdint>
#include <string>

#include "dataplane/queue/channel.hpp"
#include "dataplane/queue/frame_log.hpp"

namespace crier::dataplane {
namespace {

const std::string kFrame(65, 'x');

std::uint64_t gathered_bytes(const Channel& channel) {
  std::array<iovec, 64> parts;
  std::uint64_t bytes = 0;
  const std::size_t count = channel.gather(parts);
  for (std::size_t i = 0; i < count; ++i) bytes += parts[i].iov_len;
  return bytes;
}

// One frame in, one frame out: a delivery to a client that reads.
void channel_push_gather_commit(benchmark::State& state) {
  QueueMemory memory;
  BlockPool pool(memory);
  FrameLog log(pool);
  Channel channel;
  const Span span = log.append(kFrame, 0);
  for (auto _ : state) {
    channel.push(span);
    benchmark::DoNotOptimize(channel.commit(gathered_bytes(channel)));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(channel_push_gather_commit);

// Frames that follow each other merge into few spans, however many they are.
void channel_merge(benchmark::State& state) {
  QueueMemory memory;
  BlockPool pool(memory);
  FrameLog log(pool);
  Channel channel;
  for (auto _ : state) {
    for (std::int64_t i = 0; i < state.range(0); ++i) channel.push(log.append(kFrame, 0));
    while (!channel.empty()) benchmark::DoNotOptimize(channel.commit(gathered_bytes(channel)));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(channel_merge)->Arg(10)->Arg(100)->Arg(1000);

// The kernel takes the queue in portions that end inside frames.
void channel_commit_in_parts(benchmark::State& state) {
  QueueMemory memory;
  BlockPool pool(memory);
  FrameLog log(pool);
  Channel channel;
  constexpr int kFrames = 100;
  for (auto _ : state) {
    for (int i = 0; i < kFrames; ++i) channel.push(log.append(kFrame, 0));
    while (channel.bytes() > 100) benchmark::DoNotOptimize(channel.commit(100));
    benchmark::DoNotOptimize(channel.commit(channel.bytes()));
  }
  state.SetItemsProcessed(state.iterations() * kFrames);
}
BENCHMARK(channel_commit_in_parts);

}  // namespace
}  // namespace crier::dataplane
