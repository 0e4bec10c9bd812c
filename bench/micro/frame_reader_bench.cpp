// Inbound bytes to frames, for each framing: frames of 64 bytes in reads of 64 KiB.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "dataplane/framing/encoding.hpp"
#include "dataplane/framing/frame_reader.hpp"

namespace crier::dataplane {
namespace {

constexpr std::size_t kPayloadBytes = 64;
constexpr std::size_t kReadBytes = 64U << 10U;

void read_frames(benchmark::State& state, const FramingConfig& config, std::size_t portion) {
  const std::string payload(kPayloadBytes, 'x');
  std::string input;
  std::int64_t frames = 0;
  while (input.size() < kReadBytes) {
    encode(encoding_of(config), payload, input);
    ++frames;
  }
  const Framing framing(config, 64U << 10U);
  MemoryBudget budget(1U << 20U);
  std::unique_ptr<PartialFrame> partial;
  for (auto _ : state) {
    for (std::string_view rest = input; !rest.empty();
         rest.remove_prefix(std::min(portion, rest.size()))) {
      FrameReader reader(framing, partial, budget, rest.substr(0, portion));
      for (auto frame = reader.peek(); frame.status == FrameReader::Status::kFrame;
           frame = reader.peek()) {
        benchmark::DoNotOptimize(frame.payload.data());
        reader.pop();
      }
    }
  }
  state.SetItemsProcessed(state.iterations() * frames);
}

constexpr FramingConfig kLineConfig{FramingKind::kLine, 4, 0};
constexpr FramingConfig kLengthConfig{FramingKind::kLength, 4, 0};
constexpr FramingConfig kVarintConfig{FramingKind::kVarint, 4, 0};
constexpr FramingConfig kFixedConfig{FramingKind::kFixed, 4, kPayloadBytes};

BENCHMARK_CAPTURE(read_frames, line, kLineConfig, kReadBytes);
BENCHMARK_CAPTURE(read_frames, length, kLengthConfig, kReadBytes);
BENCHMARK_CAPTURE(read_frames, varint, kVarintConfig, kReadBytes);
BENCHMARK_CAPTURE(read_frames, fixed, kFixedConfig, kReadBytes);
// Every frame spans two reads, the worst case for a reader that sees frames in place.
BENCHMARK_CAPTURE(read_frames, line_split, kLineConfig, kPayloadBytes);
BENCHMARK_CAPTURE(read_frames, length_split, kLengthConfig, kPayloadBytes);

}  // namespace
}  // namespace crier::dataplane
