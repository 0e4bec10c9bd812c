#include "dataplane/queue/frame_log.hpp"

#include <cstring>
#include <utility>

namespace crier::dataplane {
namespace {

bool has_room(const Block& block, std::size_t bytes) {
  return !block.large && block.frames < SmallBlock::kFramesMax &&
         SmallBlock::kBytesMax - block.begin_of(block.frames) >= bytes;
}

}  // namespace

Span FrameLog::append(std::string_view wire, Stamp now) {
  if (open_ != nullptr && !has_room(*open_, wire.size())) close_block();
  if (open_ == nullptr) open_ = pool_.make_small();
  auto* block = static_cast<SmallBlock*>(open_);
  const std::uint32_t begin = block->begin_of(block->frames);
  std::memcpy(block->storage.data() + begin, wire.data(), wire.size());
  block->frame_ends[block->frames] = {begin + static_cast<std::uint32_t>(wire.size()), now};
  const auto frame = static_cast<std::uint16_t>(block->frames++);
  return {block, frame, static_cast<std::uint16_t>(frame + 1)};
}

Span FrameLog::append(LargeFramePtr frame, Stamp now) {
  close_block();
  open_ = pool_.make_large(std::move(frame), now);
  return {open_, 0, 1};
}

void FrameLog::settle() {
  if (open_ != nullptr && open_->large) close_block();
}

void FrameLog::close_block() {
  if (open_ != nullptr) open_->release();
  open_ = nullptr;
}

}  // namespace crier::dataplane
