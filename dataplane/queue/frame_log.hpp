#pragma once

#include <cstdint>
#include <string_view>

#include "dataplane/queue/block.hpp"
#include "dataplane/queue/span.hpp"

namespace crier::dataplane {

// Where frames become bytes that queues can share: appends each frame behind the one before, so
// that consecutive frames lie side by side and one send carries them all. One shard only.
class FrameLog {
 public:
  explicit FrameLog(BlockPool& pool) : pool_(pool) {}
  FrameLog(const FrameLog&) = delete;
  FrameLog& operator=(const FrameLog&) = delete;
  ~FrameLog() {
    close_block();
    settle();
  }

  // A span of this one frame. It stays readable until the next call; retain its block to keep it
  // longer. REQUIRES: wire.size() < kLargeFrameBytes.
  [[nodiscard]] Span append(std::string_view wire, Stamp now);

  // The same for a frame that was encoded as a large one.
  [[nodiscard]] Span append(LargeFramePtr frame, Stamp now);

  // Lets go of a large frame appended last. What small frames share stays open meanwhile.
  void settle();

 private:
  void close_block();

  BlockPool& pool_;
  SmallBlock* open_ = nullptr;
  LargeBlock* large_ = nullptr;
};

}  // namespace crier::dataplane
