#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "dataplane/connection/connection.hpp"
#include "dataplane/shard/connection_table.hpp"

namespace crier::dataplane {

// What a shard does where the node's queues hold too much memory. From PressureLevel::kShed on it
// keeps no blocks for reuse and lets stalled clients know that they have less time; from kEvict on
// it closes those that are behind, whoever holds the oldest frame first, of these the longest queue
// first, until the level falls. Somebody who reads is never behind for long enough.
//
//   idle -> scanning (a part of the table each step) -> closing (some of the worst each step) ->
//   idle
//
// Works in steps, like the fan-out. Shard thread only.
class Eviction {
 public:
  Eviction(ShardContext& shard, ConnectionTable& table) : shard_(shard), table_(table) {}
  Eviction(const Eviction&) = delete;
  Eviction& operator=(const Eviction&) = delete;

  // A socket full for shorter than this is no reason to close a client.
  static constexpr std::chrono::milliseconds kBehind{250};

  // Looks at everybody; to be called when the level has changed.
  void begin();
  [[nodiscard]] bool idle() const { return phase_ == Phase::kIdle; }
  // REQUIRES: !idle().
  void step();

  // When it wants to look again, though the level may not change.
  [[nodiscard]] Time soonest() const { return again_; }
  void expire(Time now);

 private:
  static constexpr std::uint32_t kScanSlots = 16U << 10U;  // of a step
  static constexpr std::size_t kClosesMax = 64;            // of a step
  static constexpr std::size_t kWorstMax = 1024;           // of a scan
  static constexpr std::chrono::milliseconds kAgain{100};  // from a scan in vain to the next

  enum class Phase : std::uint8_t { kIdle, kScanning, kClosing };

  struct Candidate {
    Connection::Backlog backlog;
    Stamp oldest = 0;  // when that frame was queued
    ShardContext::Handle handle;
  };
  static bool worse(const Candidate& a, const Candidate& b) { return a.backlog > b.backlog; }

  [[nodiscard]] bool evicting() const {
    return shard_.queue_memory.level() >= PressureLevel::kEvict;
  }
  void scan();
  void consider(const Connection& connection);
  void close_worst();
  void rest();

  ShardContext& shard_;
  ConnectionTable& table_;
  Phase phase_ = Phase::kIdle;
  std::uint32_t next_slot_ = 0;
  std::vector<Candidate> worst_;  // a heap while scanning, its top the least bad; sorted afterwards
  bool closed_any_ = false;
  Time again_ = kNever;
};

}  // namespace crier::dataplane
