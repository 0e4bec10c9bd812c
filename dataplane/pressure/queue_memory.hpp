#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>

#include "dataplane/pressure/pressure.hpp"
#include "dataplane/stats.hpp"

namespace crier::dataplane {

// What `bytes` from the heap really take: the allocator's header, and whole pages where it maps
// them.
[[nodiscard]] constexpr std::size_t allocation_bytes(std::size_t bytes) {
  constexpr std::size_t kHeaderBytes = 16;
  constexpr std::size_t kMappedBytes = 128U << 10U;
  constexpr std::size_t kPageBytes = 4U << 10U;
  const std::size_t whole = bytes + kHeaderBytes;
  return bytes < kMappedBytes ? whole : (whole + kPageBytes - 1) / kPageBytes * kPageBytes;
}

// The memory that all queues of a node really hold, what frames on their way there will need, and
// the bound of both. Counted by the allocation, never by the delivery: what many clients share
// counts once. Any thread; takes a lock only where the level changes or a frame is refused.
class QueueMemory {
 public:
  // `budget` 0: no bound. Of it, frames on their way leave `spare` bytes free: what the last block
  // that each shard has begun may hold beyond the frames that were admitted.
  explicit QueueMemory(std::uint64_t budget = 0, std::uint64_t spare = 0);
  QueueMemory(const QueueMemory&) = delete;
  QueueMemory& operator=(const QueueMemory&) = delete;

  // `changed` is called, on whichever thread changed it, after each change of the level and outside
  // of all locks. It must be quick. Null: nobody is told.
  void tell(std::function<void()> changed);

  // --- What queues hold. Always granted: admission comes before.
  void take(std::size_t bytes) {
    if (retained_.fetch_add(bytes) + bytes >= rises_at_.load()) update(false);
  }
  void give_back(std::size_t bytes) {
    if (retained_.fetch_sub(bytes) - bytes < falls_below_.load()) update(false);
  }

  // --- What is on its way.
  enum class [[nodiscard]] Admission : std::uint8_t {
    kAdmitted,
    kWayFull,     // too much is on its way; nothing happened
    kQueuesFull,  // queues hold too much: the level is kFull now
  };
  Admission try_reserve(std::size_t bytes);
  void release(std::size_t bytes) { reserved_.fetch_sub(bytes); }
  // Whether a frame that was refused is worth trying again.
  [[nodiscard]] bool has_room() const;

  [[nodiscard]] PressureLevel level() const { return level_.load(std::memory_order_relaxed); }
  [[nodiscard]] bool full() const { return level() == PressureLevel::kFull; }
  [[nodiscard]] std::uint64_t retained() const { return retained_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t reserved() const { return reserved_.load(std::memory_order_relaxed); }
  [[nodiscard]] QueueMemoryStats stats() const;

 private:
  void update(bool refused);
  [[nodiscard]] bool publish();

  const std::uint64_t budget_;
  const std::uint64_t admissible_;

  std::atomic<std::uint64_t> retained_{0};
  std::atomic<std::uint64_t> reserved_{0};
  std::atomic<std::uint64_t> refused_{0};
  // Copies of what pressure_ says.
  std::atomic<PressureLevel> level_{PressureLevel::kCalm};
  std::atomic<std::uint64_t> rises_at_{UINT64_MAX};
  std::atomic<std::uint64_t> falls_below_{0};

  mutable std::mutex mutex_;
  Pressure pressure_;              // mutex_
  std::function<void()> changed_;  // mutex_
};

}  // namespace crier::dataplane
