#pragma once

#include <array>
#include <cstdint>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/support/running_dataplane.hpp"

namespace crier::testing {

// Clients that do not read, and frames that tell which one they are.

inline constexpr std::size_t kStampedBytes = 1'000;

// Frame number `sequence` in `line` framing; every byte of it follows from the number.
[[nodiscard]] inline std::string stamped(std::uint64_t sequence,
                                         std::size_t bytes = kStampedBytes) {
  std::array<char, 16> digits{};
  (void)std::snprintf(digits.data(), digits.size(), "%010lu", static_cast<unsigned long>(sequence));
  std::string frame(digits.data());
  while (frame.size() < bytes) {
    frame.push_back(static_cast<char>('a' + (sequence + frame.size()) % 26));
  }
  return frame;
}

[[nodiscard]] inline std::string stamped_lines(const std::vector<std::uint64_t>& sequences,
                                               std::size_t bytes = kStampedBytes) {
  std::string lines;
  for (const std::uint64_t sequence : sequences) lines += stamped(sequence, bytes) + "\n";
  return lines;
}

// A listener whose kernel buffers are soon full and whose queue holds `max_frames`.
[[nodiscard]] inline dataplane::Config config_that_stalls(std::uint32_t max_frames,
                                                          std::string processor = "discard") {
  dataplane::ListenerConfig listener = loopback_listener("default", std::move(processor));
  listener.send_buffer_bytes = 8U << 10U;
  listener.max_frame_bytes = 4U << 10U;
  listener.queue.max_frames = max_frames;
  listener.queue.max_bytes = 1U << 20U;
  listener.write_stall = kPatience;
  dataplane::Config config = config_of({listener});
  config.max_payload_bytes = 512U << 10U;
  config.flush = kPatience;
  return config;
}

inline constexpr TcpClient::Options kSmallWindow{16 << 10};

// What became of a series of stamped broadcasts, as their answers tell.
struct Series {
  std::vector<std::uint64_t> queued;  // sequences
  std::uint64_t dropped = 0;
  std::uint64_t evicted = 0;
  dataplane::BroadcastResult last;

  void broadcast_next(RunningDataplane& plane, dataplane::Target target = {},
                      std::size_t bytes = kStampedBytes) {
    last = plane.broadcast(stamped(next_++, bytes), std::move(target));
    if (last.queued > 0) queued.push_back(next_ - 1);
    dropped += total(last.dropped);
    evicted += last.evicted;
  }

 private:
  std::uint64_t next_ = 0;
};

// What stall() leaves in a queue at least. More bytes than both kernel buffers of such a connection
// could still take at their best, so some of it waits there until the client reads.
inline constexpr std::uint64_t kStalledFrames = 50;

// REQUIRES: the queue has room for kStalledFrames; some client does not read, and stays.
inline void stall(RunningDataplane& plane, Series& series) {
  while (plane->stats().shards.queued_frames < kStalledFrames) {
    series.broadcast_next(plane);
    if (series.last.matched == 0) throw std::runtime_error("whoever stalled has gone");
  }
}

}  // namespace crier::testing
