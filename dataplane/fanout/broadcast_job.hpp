#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dataplane/broadcast.hpp"
#include "dataplane/framing/encoding.hpp"
#include "dataplane/queue/block.hpp"

namespace crier::dataplane {

// One payload in the wire bytes of one encoding.
struct EncodedFrame {
  enum class State : std::uint8_t { kUnused, kEncoded, kUnencodable };
  State state = State::kUnused;
  std::string wire;     // of a small frame
  LargeFramePtr large;  // of a large one
};

// A broadcast on its way through the shards. Made once, read by every shard it concerns; each
// shard writes its own part. The shard that finishes last has the sums to itself.
class BroadcastJob {
 public:
  struct Part {
    std::vector<ClientId> only;    // of this shard, sorted; means something where narrow()
    std::vector<ClientId> except;  // of this shard, sorted
    BroadcastResult result;
  };

  BroadcastJob(std::size_t shards, BroadcastDone done) : parts(shards), done_(std::move(done)) {}
  BroadcastJob(const BroadcastJob&) = delete;
  BroadcastJob& operator=(const BroadcastJob&) = delete;

  // --- Constant once submitted.
  bool narrow = false;  // for named clients only
  std::optional<ListenerIndex> listener;
  std::optional<OverflowPolicy> overflow;
  Source source = Source::kRpc;
  bool validate_only = false;
  std::array<EncodedFrame, kEncodings> frames;
  std::uint64_t inflight_bytes = 0;
  std::uint64_t reserved_bytes = 0;  // of QueueMemory
  std::chrono::steady_clock::time_point submitted_at;

  [[nodiscard]] const EncodedFrame& frame(Encoding encoding) const {
    return frames[static_cast<std::size_t>(encoding)];
  }

  // Whoever holds its large frames after its answer has them in a queue.
  void settle_frames() const {
    for (const EncodedFrame& each : frames) {
      if (each.large) each.large->settle();
    }
  }

  // Each shard touches its own part only.
  std::vector<Part> parts;

  // How many shards will call finish_part().
  void expect_parts(std::uint32_t count) { open_parts_.store(count, std::memory_order_relaxed); }
  // True for the last one.
  [[nodiscard]] bool finish_part() {
    return open_parts_.fetch_sub(1, std::memory_order_acq_rel) == 1;
  }

  // REQUIRES: every part is finished. Sums them up, calls back, and returns the sum.
  BroadcastResult answer() {
    BroadcastResult total = std::move(unroutable);
    for (Part& part : parts) {
      total.matched += part.result.matched;
      total.queued += part.result.queued;
      total.evicted += part.result.evicted;
      for (std::size_t i = 0; i < kDropReasons; ++i) total.dropped[i] += part.result.dropped[i];
      total.unknown.insert(total.unknown.end(), part.result.unknown.begin(),
                           part.result.unknown.end());
    }
    std::sort(total.unknown.begin(), total.unknown.end());
    if (done_) done_(total);
    return total;
  }

  BroadcastResult unroutable;  // ids that name no shard of this node

 private:
  std::atomic<std::uint32_t> open_parts_{0};
  BroadcastDone done_;
};
using BroadcastJobPtr = std::shared_ptr<BroadcastJob>;

}  // namespace crier::dataplane
