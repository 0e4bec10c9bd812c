#include "dataplane/queue/frame_log.hpp"

#include <cstring>
#include <utility>

namespace crier::dataplane {
namespace {

bool has_room(const SmallBlock& block, std::size_t bytes) {
  return block.frames < SmallBlock::kFramesMax &&
         SmallBlock::kBytesMax - block.begin_of(block.frames) >= bytes;
}

}  // namespace

Span FrameLog::append(std::string_view wire, Stamp now) {
  settle();
  if (open_ != nullptr && !has_room(*open_, wire.size())) close_block();
  if (open_ == nullptr) open_ = pool_.make_small();
  SmallBlock* block = open_;
  const std::uint32_t begin = block->begin_of(block->frames);
  std::memcpy(block->storage.data() + begin, wire.data(), wire.size());
  block->frame_ends[block->frames] = {begin + static_cast<std::uint32_t>(wire.size()), now};
  const auto frame = static_cast<std::uint16_t>(block->frames++);
  return {block, frame, static_cast<std::uint16_t>(frame + 1)};
}

Span FrameLog::append(LargeFramePtr frame, Stamp now) {
  settle();
  large_ = pool_.make_large(std::move(frame), now);
  return {large_, 0, 1};
}

void FrameLog::settle() {
  if (large_ != nullptr) large_->release();
  large_ = nullptr;
}

void FrameLog::close_block() {
  if (open_ != nullptr) open_->release();
  open_ = nullptr;
}

}  // namespace crier::dataplane
