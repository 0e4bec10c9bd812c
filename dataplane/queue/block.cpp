#include "dataplane/queue/block.hpp"

#include <cassert>

namespace crier::dataplane {
namespace {

constexpr std::size_t kSmallBytes = allocation_bytes(sizeof(SmallBlock));
constexpr std::size_t kLargeBytes = allocation_bytes(sizeof(LargeBlock));

}  // namespace

BlockPool::~BlockPool() {
  assert(in_use_ == 0);
  trim();
}

void BlockPool::trim() {
  while (idle_count_ > 0) {
    delete idle_[--idle_count_];
    memory_.give_back(kSmallBytes);
  }
}

SmallBlock* BlockPool::make_small() {
  SmallBlock* block = nullptr;
  if (idle_count_ > 0) {
    block = idle_[--idle_count_];
  } else {
    block = new SmallBlock;
    memory_.take(kSmallBytes);
  }
  block->bytes = block->storage.data();
  block->ends = block->frame_ends.data();
  block->frames = 0;
  block->references = 1;
  block->pool = this;
  ++in_use_;
  return block;
}

LargeBlock* BlockPool::make_large(LargeFramePtr frame, Stamp now) {
  auto* block = new LargeBlock;
  memory_.take(kLargeBytes);
  block->bytes = frame->bytes().data();
  block->frame_end = {static_cast<std::uint32_t>(frame->bytes().size()), now};
  block->ends = &block->frame_end;
  block->frames = 1;
  block->references = 1;
  block->large = true;
  block->pool = this;
  block->frame = std::move(frame);
  return block;
}

void BlockPool::take_back(Block* block) {
  if (block->large) {
    delete static_cast<LargeBlock*>(block);
    memory_.give_back(kLargeBytes);
    return;
  }
  auto* small = static_cast<SmallBlock*>(block);
  --in_use_;
  if (idle_count_ < kIdleBlocksMax && memory_.level() == PressureLevel::kCalm) {
    idle_[idle_count_++] = small;
  } else {
    delete small;
    memory_.give_back(kSmallBytes);
  }
}

}  // namespace crier::dataplane
