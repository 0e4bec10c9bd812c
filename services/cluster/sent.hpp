#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>

namespace crier::services::cluster {

// How many broadcasts this node has published, to everyone and to single nodes. Each count is one
// sequence, without a hole: a receiver that misses a number has missed a broadcast. Not safe for
// several threads at a time.
class Sent final {
 public:
  using Clock = std::chrono::steady_clock;

  // Counts a broadcast to `to` (0: everyone) and returns its number, from 1.
  std::uint64_t next(std::uint64_t to, Clock::time_point now);

  [[nodiscard]] std::uint64_t to_everyone() const { return everyone_; }
  [[nodiscard]] std::uint64_t to(std::uint64_t node) const;
  [[nodiscard]] const std::map<std::uint64_t, std::uint64_t>& to_nodes() const { return nodes_; }
  // That node has gone for good; its count goes too.
  void forget(std::uint64_t node) { nodes_.erase(node); }

  // What to_everyone() was at a moment, to kSampleTime. Of before the history kept: its beginning.
  [[nodiscard]] std::uint64_t to_everyone_at(Clock::time_point then) const;

  static constexpr std::chrono::milliseconds kSampleTime{50};
  static constexpr std::size_t kSamplesMax = 4096;

 private:
  // The count before the first broadcast of a stretch of kSampleTime.
  struct Sample {
    Clock::time_point time;
    std::uint64_t before;
  };

  std::uint64_t everyone_ = 0;
  std::map<std::uint64_t, std::uint64_t> nodes_;
  std::deque<Sample> samples_;  // oldest first
};

}  // namespace crier::services::cluster
