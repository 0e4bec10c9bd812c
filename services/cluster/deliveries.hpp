#pragma once

#include <asio/io_context.hpp>
#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>

#include "crier/v1/bus.pb.h"
#include "services/control/control.hpp"

namespace crier::services::cluster {

// Offers what other nodes publish to this node's clients, in the order in which it came. While the
// data plane has no room the broadcast at hand waits, and nothing may come after it. All methods
// on the loop's thread.
class Deliveries final {
 public:
  struct Hooks {
    // What a node is to be told that wanted a report. From any thread.
    std::function<void(std::uint64_t to, v1::BusReply reply)> report;
    // After deliver() returned false: it may be called again. On the loop's thread.
    std::function<void()> unblocked;
  };

  // All must outlive this; the loop must not run after its end.
  Deliveries(asio::io_context& loop, control::Control& control, Hooks hooks);
  Deliveries(const Deliveries&) = delete;
  Deliveries& operator=(const Deliveries&) = delete;

  // False: no room; the broadcast was taken, and no further one before Hooks::unblocked.
  [[nodiscard]] bool deliver(std::uint64_t from, v1::BusBroadcast broadcast);

  // Gives up a broadcast that still waits.
  void stop();

  // Any thread.
  [[nodiscard]] std::uint64_t delivered() const { return delivered_; }
  [[nodiscard]] std::uint64_t refused() const { return refused_; }

 private:
  class Delivery;
  struct Blocked {
    control::BroadcastPlan plan;
    Delivery* call;
  };

  bool start(control::BroadcastPlan& plan, Delivery& call);
  void retry();

  asio::io_context& loop_;
  control::Control& control_;
  const Hooks hooks_;
  std::optional<Blocked> blocked_;
  std::atomic<std::uint64_t> delivered_{0};
  std::atomic<std::uint64_t> refused_{0};
};

}  // namespace crier::services::cluster
