#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "dataplane/histogram.hpp"
#include "services/control/code.hpp"

namespace crier::services::control {

enum class Method : std::uint8_t {
  kBroadcast,
  kBroadcastStream,  // counted per request on the stream, not per stream
  kListClients,
  kGetClient,
  kDisconnect,
  kListNodes,
};

// Metric label values, indexed by Method.
inline constexpr std::array<std::string_view, 6> kMethodLabels{
    "Broadcast", "BroadcastStream", "ListClients", "GetClient", "Disconnect", "ListNodes"};
inline constexpr std::size_t kMethods = kMethodLabels.size();

[[nodiscard]] constexpr std::string_view label(Method method) {
  return kMethodLabels[static_cast<std::size_t>(method)];
}

// Why a call was not let in.
enum class Denial : std::uint8_t {
  kUnauthenticated,   // nobody known
  kPermissionDenied,  // somebody known, who may not
};

// Metric label values, indexed by Denial.
inline constexpr std::array<std::string_view, 2> kDenialLabels{"unauthenticated",
                                                               "permission_denied"};

// Upper bounds in seconds, from a call's arrival to its answer.
inline constexpr std::array<double, 13> kRpcBounds{
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 10};

// What the control API did so far. A value.
struct RpcSnapshot {
  struct PerMethod {
    std::array<std::uint64_t, kCodes> finished{};  // by Code
    std::uint64_t in_flight = 0;                   // gauge
    dataplane::Histogram<kRpcBounds> duration;     // of every finished call, whatever its code
  };
  std::array<PerMethod, kMethods> methods;                   // by Method
  std::array<std::uint64_t, kDenialLabels.size()> denied{};  // by Denial
  std::uint64_t connections = 0;                             // gauge
  std::uint64_t connections_rejected = 0;                    // one too many
};

// Counts calls. Every started call is finished exactly once. All methods may be called from any
// thread; started() and finished() are a few relaxed atomic additions.
class RpcStats final {
 public:
  using Clock = std::chrono::steady_clock;

  RpcStats() = default;
  RpcStats(const RpcStats&) = delete;
  RpcStats& operator=(const RpcStats&) = delete;

  void started(Method method);
  void finished(Method method, Code code, Clock::duration took);
  void denied(Denial reason);  // besides started() and finished()
  void connection_opened() { opened_.fetch_add(1, std::memory_order_relaxed); }
  void connection_closed() { closed_.fetch_add(1, std::memory_order_release); }
  void connection_rejected() { rejected_.fetch_add(1, std::memory_order_relaxed); }

  // Each counter is exact; counters read one after the other may be some calls apart.
  [[nodiscard]] RpcSnapshot snapshot() const;

 private:
  static constexpr std::size_t kBuckets = kRpcBounds.size() + 1;
  using Counter = std::atomic<std::uint64_t>;

  // The thread that starts calls and the one that finishes them each keep to their cache lines.
  struct PerMethod {
    alignas(64) Counter started{0};
    alignas(64) std::array<Counter, kBuckets> buckets{};
    Counter nanoseconds{0};
    std::array<Counter, kCodes> finished{};
  };
  std::array<PerMethod, kMethods> methods_;
  std::array<Counter, kDenialLabels.size()> denied_{};
  Counter opened_{0};
  Counter closed_{0};
  Counter rejected_{0};
};

}  // namespace crier::services::control
