#include "dataplane/queue/channel.hpp"

#include <algorithm>
#include <cassert>

namespace crier::dataplane {
namespace {

// The frames of `span` that end at or before `offset`.
std::uint32_t frames_ended(const Span& span, std::uint64_t offset) {
  const FrameEnd* first = span.block->ends + span.first;
  const FrameEnd* last = span.block->ends + span.last;
  const FrameEnd* open = std::upper_bound(
      first, last, offset, [](std::uint64_t o, const FrameEnd& frame) { return o < frame.end; });
  return static_cast<std::uint32_t>(open - first);
}

}  // namespace

void Channel::push(const Span& span) {
  if (!spans_.empty() && spans_.back().continues_in(span)) {
    spans_.back().last = span.last;
  } else {
    span.block->retain();
    spans_.push_back(span);
  }
  frames_ += span.frames();
  bytes_ += span.bytes();
}

std::size_t Channel::gather(std::span<iovec> out) const {
  const std::size_t count = std::min<std::size_t>(out.size(), spans_.size());
  std::uint32_t skip = head_sent_bytes_;
  for (std::uint32_t i = 0; i < count; ++i) {
    const Span& span = spans_[i];
    // sendmsg takes iovecs of non-const memory but only reads it.
    out[i].iov_base = const_cast<char*>(span.block->bytes + span.begin() + skip);
    out[i].iov_len = span.bytes() - skip;
    skip = 0;
  }
  return count;
}

iovec Channel::gather_begun(std::uint64_t begun_bytes) const {
  const Span& head = spans_[0];
  const std::uint32_t from = head.begin() + head_sent_bytes_;
  const std::uint32_t to = head.block->ends[head.first + frames_begun(begun_bytes) - 1].end;
  return {const_cast<char*>(head.block->bytes + from), to - from};
}

std::uint32_t Channel::commit(std::uint64_t sent) {
  assert(sent <= bytes_);
  const std::uint32_t before = frames_;
  bytes_ -= sent;
  while (sent > 0) {
    Span& head = spans_[0];
    const std::uint64_t offset = head.begin() + head_sent_bytes_ + sent;
    if (offset >= head.end()) {
      sent = offset - head.end();
      frames_ -= head.frames();
      head_sent_bytes_ = 0;
      remove_front();
    } else {
      const std::uint32_t ended = frames_ended(head, offset);
      head.first = static_cast<std::uint16_t>(head.first + ended);
      frames_ -= ended;
      head_sent_bytes_ = static_cast<std::uint32_t>(offset - head.begin());
      sent = 0;
    }
  }
  return before - frames_;
}

std::uint32_t Channel::evict_for(std::uint64_t bytes, const QueueConfig& limits,
                                 std::uint64_t begun_bytes) {
  const std::uint32_t stay = frames_begun(begun_bytes);
  const std::uint64_t stay_bytes = stay > 0
                                       ? spans_[0].block->ends[spans_[0].first + stay - 1].end -
                                             spans_[0].begin() - head_sent_bytes_
                                       : 0;
  if (stay + 1 > limits.max_frames || stay_bytes + bytes > limits.max_bytes) return 0;
  if (stay > 0) isolate_front(stay);
  std::uint32_t evicted = 0;
  while (!fits(1, bytes, limits)) {
    drop_one(stay > 0 ? 1 : 0);
    ++evicted;
  }
  return evicted;
}

std::uint32_t Channel::drop_unsent(std::uint64_t begun_bytes) {
  const std::uint32_t stay = frames_begun(begun_bytes);
  if (stay == 0) return clear();
  isolate_front(stay);
  const std::uint32_t before = frames_;
  while (frames_ > stay) drop_one(1);
  return before - frames_;
}

// How many frames at the front are on their way.
std::uint32_t Channel::frames_begun(std::uint64_t begun_bytes) const {
  if (begun_bytes == 0) return head_sent_bytes_ > 0 ? 1 : 0;
  const Span& head = spans_[0];
  const std::uint64_t last = std::uint64_t{head.begin()} + head_sent_bytes_ + begun_bytes - 1;
  assert(last < head.end());
  return frames_ended(head, last) + 1;
}

std::uint32_t Channel::clear() {
  const std::uint32_t before = frames_;
  while (!spans_.empty()) remove_front();
  frames_ = 0;
  head_sent_bytes_ = 0;
  bytes_ = 0;
  return before;
}

// Removes the first frame of spans_[index]; index is 0, or 1 behind an isolated head.
void Channel::drop_one(std::uint32_t index) {
  Span& span = spans_[index];
  bytes_ -= span.block->ends[span.first].end - span.begin();
  --frames_;
  ++span.first;
  if (span.frames() > 0) return;
  if (index == 1) std::swap(spans_[0], spans_[1]);
  remove_front();
}

void Channel::remove_front() {
  Block* block = spans_[0].block;
  spans_.pop_front();
  block->release();
}

// Gives the first `frames` of the first span a span of their own.
void Channel::isolate_front(std::uint32_t frames) {
  Span& head = spans_[0];
  if (head.frames() == frames) return;
  const auto second = static_cast<std::uint16_t>(head.first + frames);
  const Span front{head.block, head.first, second};
  head.first = second;
  head.block->retain();
  spans_.push_front(front);
}

}  // namespace crier::dataplane
