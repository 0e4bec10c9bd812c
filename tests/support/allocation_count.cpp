#include "tests/support/allocation_count.hpp"

#include <malloc.h>

#include <cstdlib>
#include <new>

namespace crier::testing {
namespace {

// The word that malloc keeps in front of each block.
constexpr std::size_t kHeaderBytes = sizeof(std::size_t);

constinit thread_local AllocationCount count;

std::int64_t size_of(void* block) {
  return static_cast<std::int64_t>(malloc_usable_size(block) + kHeaderBytes);
}

void* allocate(std::size_t bytes, std::size_t alignment) {
  void* block =
      alignment <= alignof(std::max_align_t)
          ? std::malloc(bytes)
          : std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
  if (block == nullptr) throw std::bad_alloc();
  ++count.allocations;
  count.live_bytes += size_of(block);
  return block;
}

void free_block(void* block) {
  if (block == nullptr) return;
  count.live_bytes -= size_of(block);
  std::free(block);
}

}  // namespace

AllocationCount allocation_count() {
  return count;
}

}  // namespace crier::testing

// Every other form of new and delete comes down to one of these.
void* operator new(std::size_t bytes) {
  return crier::testing::allocate(bytes, 0);
}
void* operator new(std::size_t bytes, std::align_val_t alignment) {
  return crier::testing::allocate(bytes, static_cast<std::size_t>(alignment));
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
