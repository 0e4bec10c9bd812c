#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "crier/v1/bus.pb.h"
#include "crier/v1/control.pb.h"

namespace crier::services::cluster {

inline constexpr std::size_t kNodesMax = 255;  // beside this one
inline constexpr std::chrono::minutes kForgetNode{5};

// The other nodes, as their heartbeats tell. Not safe for several threads at a time.
class Members final {
 public:
  using Clock = std::chrono::steady_clock;

  struct Member {
    std::string node_id;
    std::string name;
    v1::BusHeartbeat last;
    Clock::time_point heard_at;
  };

  // `silence`: after so long without a sign of life a node is unreachable.
  explicit Members(std::chrono::milliseconds silence) : silence_(silence) {}

  enum class [[nodiscard]] Beat : std::uint8_t { kKnown, kNew, kTooMany };
  Beat heartbeat(std::uint64_t epoch, const std::string& name, v1::BusHeartbeat beat,
                 Clock::time_point now);
  // Any other sign of life.
  void heard(std::uint64_t epoch, Clock::time_point now);
  // It ended; it is no longer a member, and only its name is remembered for a while.
  void left(std::uint64_t epoch);
  // Drops those that were silent for kForgetNode; returns their epochs.
  std::vector<std::uint64_t> forget_silent(Clock::time_point now);

  [[nodiscard]] const std::map<std::uint64_t, Member>& all() const { return members_; }
  [[nodiscard]] bool silent(const Member& member, Clock::time_point now) const {
    return now - member.heard_at > silence_;
  }
  // Of members and of some that have left; otherwise the epoch's text.
  [[nodiscard]] std::string node_id(std::uint64_t epoch) const;

 private:
  static constexpr std::size_t kLeftMax = 256;

  void remember(std::uint64_t epoch, std::string node_id);

  const std::chrono::milliseconds silence_;
  std::map<std::uint64_t, Member> members_;
  std::deque<std::pair<std::uint64_t, std::string>> left_;  // node_ids, oldest first
};

}  // namespace crier::services::cluster
