#pragma once

#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "dataplane/pressure/queue_memory.hpp"
#include "dataplane/queue/span.hpp"

namespace crier::dataplane {

// A double-ended queue of spans that needs no heap for the first kInline of them, which is all
// that a client that reads ever has. Its owner bounds it (every span holds at least one frame) and
// empties it before its end. What it takes from the heap counts as memory of queues.
class SpanRing {
 public:
  static constexpr std::uint32_t kInline = 2;

  SpanRing() = default;
  SpanRing(const SpanRing&) = delete;
  SpanRing& operator=(const SpanRing&) = delete;

  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::uint32_t size() const { return size_; }
  [[nodiscard]] bool full_inline() const { return size_ >= kInline; }

  Span& operator[](std::uint32_t i) { return slots()[(head_ + i) & (capacity() - 1)]; }
  const Span& operator[](std::uint32_t i) const { return const_cast<SpanRing&>(*this)[i]; }
  Span& back() { return (*this)[size_ - 1]; }

  void push_back(const Span& span) {
    if (size_ == capacity()) grow(memory_of(span));
    (*this)[size_++] = span;
  }
  void push_front(const Span& span) {
    if (size_ == capacity()) grow(memory_of(span));
    head_ = (head_ + capacity() - 1) & (capacity() - 1);
    ++size_;
    (*this)[0] = span;
  }
  // REQUIRES: the block of its first span is still there.
  void pop_front() {
    assert(size_ > 0);
    if (size_ == 1 && heap_) {
      reset(memory_of((*this)[0]));
      return;
    }
    head_ = (head_ + 1) & (capacity() - 1);
    if (--size_ == 0) head_ = 0;
  }

 private:
  // The inline array is the storage until it is too small, then the heap is.
  Span* slots() { return heap_ ? heap_.get() : inline_.data(); }
  [[nodiscard]] std::uint32_t capacity() const { return heap_ ? heap_capacity_ : kInline; }

  static QueueMemory& memory_of(const Span& span) { return span.block->pool->memory(); }
  static std::size_t heap_bytes(std::uint32_t spans) {
    return allocation_bytes(spans * sizeof(Span));
  }

  void grow(QueueMemory& memory) {
    const std::uint32_t wanted = 4 * capacity();
    auto larger = std::make_unique<Span[]>(wanted);
    for (std::uint32_t i = 0; i < size_; ++i) larger[i] = (*this)[i];
    if (heap_) memory.give_back(heap_bytes(heap_capacity_));
    memory.take(heap_bytes(wanted));
    heap_ = std::move(larger);
    heap_capacity_ = wanted;
    head_ = 0;
  }
  void reset(QueueMemory& memory) {
    memory.give_back(heap_bytes(heap_capacity_));
    heap_.reset();
    head_ = 0;
    size_ = 0;
  }

  std::unique_ptr<Span[]> heap_;
  std::uint32_t heap_capacity_ = 0;
  std::uint32_t head_ = 0;
  std::uint32_t size_ = 0;
  std::array<Span, kInline> inline_{};
};

}  // namespace crier::dataplane
