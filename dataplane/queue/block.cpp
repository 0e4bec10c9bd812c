#include "dataplane/queue/block.hpp"

#include <cassert>

namespace crier::dataplane {

BlockPool::~BlockPool() {
  assert(in_use_ == 0);
  while (idle_count_ > 0) delete idle_[--idle_count_];
}

SmallBlock* BlockPool::make_small() {
  SmallBlock* block = idle_count_ > 0 ? idle_[--idle_count_] : new SmallBlock;
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
    return;
  }
  auto* small = static_cast<SmallBlock*>(block);
  --in_use_;
  if (idle_count_ < kIdleBlocksMax) {
    idle_[idle_count_++] = small;
  } else {
    delete small;
  }
}

}  // namespace crier::dataplane
