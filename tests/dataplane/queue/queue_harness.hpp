#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "dataplane/queue/channel.hpp"
#include "dataplane/queue/frame_log.hpp"

namespace crier::dataplane {

// The unsent bytes of a channel, as one send would see them through `Parts` entries.
template <std::size_t Parts = 4096>
std::string unsent(const Channel& channel) {
  static std::array<iovec, Parts> parts;
  const std::size_t count = channel.gather(parts);
  std::string bytes;
  for (std::size_t i = 0; i < count; ++i) {
    bytes.append(static_cast<const char*>(parts[i].iov_base), parts[i].iov_len);
  }
  return bytes;
}

inline std::size_t parts_of(const Channel& channel) {
  std::array<iovec, 64> parts;
  return channel.gather(parts);
}

// One shard's memory of frames, and ways to put frames into channels.
struct QueueHarness {
  static constexpr std::uint64_t kSmallBlock = sizeof(SmallBlock);

  QueueMemory memory;
  BlockPool pool{memory};
  std::unique_ptr<FrameLog> log = std::make_unique<FrameLog>(pool);

  Span append(std::string_view wire, Stamp now = 0) {
    if (wire.size() < kLargeFrameBytes) return log->append(wire, now);
    const auto frame = std::make_shared<LargeFrame>(std::string(wire), memory);
    frame->settle();
    return log->append(frame, now);
  }
  void push(Channel& channel, std::string_view wire, Stamp now = 0) {
    channel.push(append(wire, now));
    log->settle();
  }
  // What comes next does not lie beside what came before.
  void separate() { (void)log->append("#", 0); }
};

inline QueueConfig limits(std::uint32_t max_frames, std::uint64_t max_bytes) {
  return {.max_frames = max_frames, .max_bytes = max_bytes};
}

}  // namespace crier::dataplane
