#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "dataplane/client_id.hpp"
#include "dataplane/config.hpp"
#include "dataplane/stats.hpp"

namespace crier::dataplane {

using ListenerIndex = std::uint16_t;  // position in Config::listeners

// Who a broadcast is for. Duplicate ids count once.
struct Target {
  std::optional<std::vector<ClientId>> only;  // absent: everybody; empty: nobody
  std::vector<ClientId> except;
  std::optional<ListenerIndex> listener;  // absent: every listener
};

// One payload for many clients; each listener's framing is added once, not per client.
struct Broadcast {
  std::string payload;
  Target target;
  std::optional<OverflowPolicy> overflow;  // absent: each listener's own
  Source source = Source::kRpc;
  bool validate_only = false;  // count who would get it, send nothing
};

// matched = queued + sum(dropped), exactly; |only| = matched + unknown + excepted.
// A client that is active from before the call to its answer is matched exactly once. `queued`
// frames were handed to a channel or to the kernel; nothing says that a client received them.
struct BroadcastResult {
  std::uint64_t matched = 0;
  std::uint64_t queued = 0;
  DropCounts dropped{};           // kEvicted stays 0: those are other frames, counted in `evicted`
  std::uint64_t evicted = 0;      // older frames that drop_oldest pushed out for this one
  std::vector<ClientId> unknown;  // of `only`: no such client (or not of that listener), sorted
};
using BroadcastDone = std::function<void(const BroadcastResult&)>;

enum class [[nodiscard]] Submit : std::uint8_t {
  kAccepted,
  kOverloaded,   // Config::max_inflight_bytes is reached; see Dataplane::when_ready
  kMemoryFull,   // Config::max_queue_memory is reached; see Dataplane::when_ready
  kUnencodable,  // no targeted listener's framing can carry the payload
  kTooLarge,     // over Config::max_payload_bytes
  kStopped,
};

struct DisconnectRequest {
  std::optional<std::vector<ClientId>> only;  // absent: everybody
  std::optional<ListenerIndex> listener;
  bool flush = false;  // send what is queued first
  bool validate_only = false;
  std::string reason;  // for the log
};

// A client that is already closing is matched and not disconnected.
struct DisconnectResult {
  std::uint64_t matched = 0;
  std::uint64_t disconnected = 0;
  std::vector<ClientId> unknown;
};

}  // namespace crier::dataplane
