#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "tests/support/fault_plan.hpp"

namespace crier::testing {

// A TCP proxy on loopback between clients and a server that goes wrong as planned, in a thread of
// its own. It holds at most kBufferBytes of each direction and reads no more before those have
// left: whoever sends into a stalled direction feels it. An end or a reset of one side reaches the
// other. All methods: any thread.
class FaultProxy {
 public:
  static constexpr std::size_t kBufferBytes = 16U << 10U;

  // Called on the proxy's thread for each connection: 0 for the first, and so on.
  using Planner = std::function<FaultPlan(std::uint64_t connection)>;

  struct Options {
    // Of its sockets on both sides, so that backpressure comes soon; 0: the kernel's choice.
    int socket_buffer_bytes = 0;
  };

  struct Counts {
    std::uint64_t accepted = 0;
    std::uint64_t open = 0;  // gauge: links with at least one side open
    std::uint64_t to_server_bytes = 0;
    std::uint64_t to_client_bytes = 0;
    std::uint64_t swallowed_bytes = 0;  // read and dropped
    std::uint64_t pieces = 0;           // writes that passed something on
    std::uint64_t paused = 0;           // gauge: directions that stand still
  };

  // `target` is 127.0.0.1:port. Throws std::system_error where there is no free port.
  FaultProxy(const std::string& target, Planner planner, Options options);
  FaultProxy(const std::string& target, Planner planner)
      : FaultProxy(target, std::move(planner), Options()) {}
  // One plan for all.
  FaultProxy(const std::string& target, const FaultPlan& plan, Options options)
      : FaultProxy(target, [plan](std::uint64_t) { return plan; }, options) {}
  FaultProxy(const std::string& target, const FaultPlan& plan)
      : FaultProxy(target, plan, Options()) {}
  FaultProxy(const FaultProxy&) = delete;
  FaultProxy& operator=(const FaultProxy&) = delete;
  ~FaultProxy();  // resets what is open

  [[nodiscard]] std::string address() const;
  [[nodiscard]] Counts counts() const;

  // From now to release() nothing is passed on in any direction, and at most one more buffer read.
  void stall();
  // Ends stall() and every DirectionPlan::End::kStall, those to come included.
  void release();
  // RST to both ends of every connection there is.
  void reset_all();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace crier::testing
