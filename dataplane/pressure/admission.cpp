#include "dataplane/pressure/admission.hpp"

#include <algorithm>
#include <set>

#include "dataplane/framing/encoding.hpp"
#include "dataplane/pressure/pressure.hpp"
#include "dataplane/queue/block.hpp"

namespace crier::dataplane {
namespace {

// How far frame_bytes_max() may lie above the size of a frame.
constexpr std::size_t kEstimateSlack = 32;
// Where the number of shards depends on the machine.
constexpr std::size_t kShardsAssumed = 16;
// A block is closed when a small frame does not fit, so at least this much of it is used.
constexpr std::size_t kBlockBytesUsed = SmallBlock::kBytesMax - kLargeFrameBytes;

std::set<Encoding> encodings_of(const Config& config) {
  std::set<Encoding> used;
  for (const ListenerConfig& listener : config.listeners) {
    used.insert(encoding_of(listener.framing, listener.codec));
  }
  return used;
}

}  // namespace

std::uint64_t queue_cost(std::size_t bytes, std::size_t shards) {
  // The more expensive where it is not certain.
  if (bytes >= kLargeFrameBytes + kEstimateSlack) {
    return LargeFrame::memory_of(bytes) + shards * allocation_bytes(sizeof(LargeBlock));
  }
  constexpr std::size_t kBlock = allocation_bytes(sizeof(SmallBlock));
  const std::size_t part =
      std::max(kBlock / SmallBlock::kFramesMax, bytes * kBlock / kBlockBytesUsed) + 1;
  return bytes + shards * part;
}

std::uint64_t begun_blocks(const Config& config, std::size_t shards) {
  // One for each encoding, and one for replies.
  return (encodings_of(config).size() + 1) * shards * allocation_bytes(sizeof(SmallBlock));
}

std::uint64_t smallest_queue_memory(const Config& config) {
  const std::size_t shards = config.shards > 0 ? config.shards : kShardsAssumed;
  std::uint64_t payload = config.max_payload_bytes;
  for (const ListenerConfig& listener : config.listeners) {
    payload = std::max<std::uint64_t>(payload, listener.max_frame_bytes);
  }
  constexpr std::uint64_t kJobBytes = 4U << 10U;  // a broadcast beside its frames
  std::uint64_t frames = 0;
  for (const Encoding encoding : encodings_of(config)) {
    frames += queue_cost(frame_bytes_max(encoding, payload), shards);
  }
  return Pressure::kFreePartAfterEviction * (kJobBytes + frames + begun_blocks(config, shards));
}

}  // namespace crier::dataplane
