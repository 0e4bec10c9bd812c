#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "dataplane/pressure/queue_memory.hpp"

namespace crier::dataplane {

class BlockPool;

// Milliseconds on the shard's clock, wrapping after 49 days: only differences mean anything.
using Stamp = std::uint32_t;

struct FrameEnd {
  std::uint32_t end;  // offset in the block's bytes
  Stamp enqueued;
};

// Wire bytes of consecutive frames and where each of them ends. Bytes and ends are only ever
// appended, so whoever holds a reference may read what was there when it took it.
//
//   bytes   | frame 0 | frame 1 | frame 2 |  free  |
//   ends            ^end(0)   ^end(1)   ^end(2)
//
// One shard only: the count is not atomic.
struct Block {
  const char* bytes = nullptr;
  const FrameEnd* ends = nullptr;
  std::uint32_t frames = 0;
  std::uint32_t references = 0;
  bool large = false;
  BlockPool* pool = nullptr;

  [[nodiscard]] std::uint32_t begin_of(std::uint32_t frame) const {
    return frame == 0 ? 0 : ends[frame - 1].end;
  }
  void retain() { ++references; }
  inline void release();
};

// A block that many small frames share. Small on purpose: a slow reader that holds one small frame
// pins no more than this.
struct SmallBlock : Block {
  static constexpr std::size_t kBytesMax = 16U << 10U;
  static constexpr std::size_t kFramesMax = 512;

  std::array<FrameEnd, kFramesMax> frame_ends;
  std::array<char, kBytesMax> storage;
};

// A frame too large to share a block, encoded once for all shards.
class LargeFrame {
 public:
  LargeFrame(std::string bytes, QueueMemory& memory) : bytes_(std::move(bytes)), memory_(memory) {}
  LargeFrame(const LargeFrame&) = delete;
  LargeFrame& operator=(const LargeFrame&) = delete;
  ~LargeFrame() { memory_.give_back(counted_); }

  // What a frame of so many bytes takes.
  [[nodiscard]] static constexpr std::size_t memory_of(std::size_t bytes);

  // From now on it counts as what queues hold; before, whoever admitted it has counted it.
  // REQUIRES: the first call.
  void settle() const {
    counted_ = memory_of(bytes_.capacity());
    memory_.take(counted_);
  }

  [[nodiscard]] std::string_view bytes() const { return bytes_; }

 private:
  const std::string bytes_;
  QueueMemory& memory_;
  mutable std::size_t counted_ = 0;
};
using LargeFramePtr = std::shared_ptr<const LargeFrame>;

constexpr std::size_t LargeFrame::memory_of(std::size_t bytes) {
  constexpr std::size_t kOwnerBytes = 2 * sizeof(void*);  // of the pointers that share it
  return allocation_bytes(bytes + 1) + allocation_bytes(sizeof(LargeFrame) + kOwnerBytes);
}

// One shard's handle on a large frame.
struct LargeBlock : Block {
  LargeFramePtr frame;
  FrameEnd frame_end{};
};

// Frames from this size on get a block of their own.
inline constexpr std::size_t kLargeFrameBytes = 4U << 10U;

// Makes and reuses the blocks of one shard, and counts what they take. Every block must be back
// before the pool goes.
class BlockPool {
 public:
  // `memory` must outlive the pool.
  explicit BlockPool(QueueMemory& memory) : memory_(memory) {}
  BlockPool(const BlockPool&) = delete;
  BlockPool& operator=(const BlockPool&) = delete;
  ~BlockPool();

  // Both return a block with one reference, the caller's.
  [[nodiscard]] SmallBlock* make_small();
  [[nodiscard]] LargeBlock* make_large(LargeFramePtr frame, Stamp now);

  // Lets go of the blocks kept for reuse.
  void trim();

  // Small blocks in use; large frames count themselves.
  [[nodiscard]] std::uint64_t retained_bytes() const { return in_use_ * sizeof(SmallBlock); }
  [[nodiscard]] QueueMemory& memory() const { return memory_; }

 private:
  friend struct Block;
  void take_back(Block* block);

  static constexpr std::size_t kIdleBlocksMax = 64;  // 1.3 MiB kept for reuse

  QueueMemory& memory_;
  SmallBlock* idle_[kIdleBlocksMax] = {};
  std::size_t idle_count_ = 0;
  std::uint64_t in_use_ = 0;
};

inline void Block::release() {
  if (--references == 0) pool->take_back(this);
}

}  // namespace crier::dataplane
