#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

#include "crier/v1/bus.pb.h"

namespace crier::services::cluster {

// What a node is asked, and which broadcasts of the asker come before it.
struct HeldRequest {
  std::uint64_t from = 0;
  std::uint64_t everyone = 0;  // numbers as in Heard
  std::uint64_t named = 0;
  v1::BusRequest request;
};

// Requests that have overtaken broadcasts and wait for them, each at most kHold. Not safe for
// several threads at a time.
class HeldRequests final {
 public:
  using Clock = std::chrono::steady_clock;

  // Half of what an asker waits by default, so that an answer still finds it.
  static constexpr std::chrono::milliseconds kHold{500};
  static constexpr std::size_t kRequestsMax = 1024;

  // False: no room; answer it now.
  [[nodiscard]] bool hold(HeldRequest& request, Clock::time_point now);

  // Takes out, in order, what `ready` says of, or what has waited long enough.
  [[nodiscard]] std::vector<HeldRequest> release(
      const std::function<bool(const HeldRequest&)>& ready, Clock::time_point now);

  [[nodiscard]] bool empty() const { return held_.empty(); }
  // The end of time where nothing is held.
  [[nodiscard]] Clock::time_point next_deadline() const {
    return held_.empty() ? Clock::time_point::max() : held_.front().until;
  }

 private:
  struct Held {
    HeldRequest request;
    Clock::time_point until;
  };

  std::deque<Held> held_;  // oldest first
};

}  // namespace crier::services::cluster
