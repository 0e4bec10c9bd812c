#include "tests/support/live_bytes.hpp"

#include <malloc.h>

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace crier::testing {
namespace {

// The word that malloc keeps in front of each block.
constexpr std::size_t kHeaderBytes = sizeof(std::size_t);

constinit std::atomic<std::int64_t> live{0};
constinit std::atomic<std::int64_t> peak{0};

std::int64_t size_of(void* block) {
  return static_cast<std::int64_t>(malloc_usable_size(block) + kHeaderBytes);
}

void* allocate(std::size_t bytes, std::size_t alignment) {
  void* block =
      alignment <= alignof(std::max_align_t)
          ? std::malloc(bytes)
          : std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
  if (block == nullptr) throw std::bad_alloc();
  const std::int64_t now = live.fetch_add(size_of(block)) + size_of(block);
  std::int64_t before = peak.load(std::memory_order_relaxed);
  while (before < now && !peak.compare_exchange_weak(before, now)) {
  }
  return block;
}

void free_block(void* block) {
  if (block == nullptr) return;
  live.fetch_sub(size_of(block));
  std::free(block);
}

}  // namespace

std::int64_t live_bytes() {
  return live.load();
}

std::int64_t peak_live_bytes() {
  return peak.load();
}

void reset_peak() {
  peak.store(live.load());
}

}  // namespace crier::testing

// Every other form of new and delete comes down to one of these; but a sanitizer has a nothrow new
// of its own, whose blocks would come to our delete.
void* operator new(std::size_t bytes) {
  return crier::testing::allocate(bytes, 0);
}
void* operator new(std::size_t bytes, std::align_val_t alignment) {
  return crier::testing::allocate(bytes, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t bytes, const std::nothrow_t& /*nothrow*/) noexcept {
  try {
    return crier::testing::allocate(bytes, 0);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}
void operator delete(void* block) noexcept {
  crier::testing::free_block(block);
}
void operator delete(void* block, std::size_t) noexcept {
  crier::testing::free_block(block);
}
void operator delete(void* block, std::align_val_t) noexcept {
  crier::testing::free_block(block);
}
void operator delete(void* block, std::size_t, std::align_val_t) noexcept {
  crier::testing::free_block(block);
}
