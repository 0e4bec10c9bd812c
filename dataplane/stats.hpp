#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dataplane/close_reason.hpp"
#include "dataplane/histogram.hpp"
#include "dataplane/pressure/pressure.hpp"

namespace crier::dataplane {

// Where an outbound frame came from.
enum class Source : std::uint8_t {
  kRpc,
  kBus,
  kReply,
  kRelay,
  kNotice,  // codec envelope: what crier itself has to say (hello, ping, pong, goaway, gap)
};
inline constexpr std::array<std::string_view, 5> kSourceLabels{"rpc", "bus", "reply", "relay",
                                                               "notice"};
inline constexpr std::size_t kSources = kSourceLabels.size();

// Why a frame that was offered to a connection never left it. Mirrors crier.v1.DropReason.
enum class DropReason : std::uint8_t {
  kQueueFull,    // the queue refused it
  kTooSlow,      // policy disconnect: the client was closed over this frame
  kUnencodable,  // the listener's framing cannot carry this payload
  kClosing,      // the client was on its way out
  kEvicted,      // policy drop_oldest: pushed out by a newer frame
};
inline constexpr std::array<std::string_view, 5> kDropLabels{"queue_full", "too_slow",
                                                             "unencodable", "closing", "evicted"};
inline constexpr std::size_t kDropReasons = kDropLabels.size();
using DropCounts = std::array<std::uint64_t, kDropReasons>;

// Why a socket was closed before it became a client.
enum class RejectReason : std::uint8_t {
  kMaxConnections,   // the listener's or the node's bound
  kOpenFiles,        // the process has no file descriptor left
  kProxyUntrusted,   // a PROXY header is required, and the peer is none of the proxies
  kProxyMalformed,   // its first bytes are no PROXY header
  kProxyIncomplete,  // its PROXY header did not end in time, or the peer went before
  kTlsFailed,        // its first bytes are no TLS handshake, or one that cannot be agreed upon
  kTlsIncomplete,    // its TLS handshake did not end in time, or the peer went before
  kAuthMalformed,    // its first frame is no credentials, or too large for them
  kAuthIncomplete,   // its credentials did not come in time, or the peer went before
  kAuthFailed,       // its credentials do not hold
  kHandshakeFull,    // too many connections are in their handshake
  kAddressLimit,     // its address has as many clients as it may
  kIdentityLimit,    // its subject has as many clients as it may
  kMemory,           // the node's queues hold too much to let anybody in
  kStopping,         // the node drained or stopped during its handshake
};
inline constexpr std::array<std::string_view, 15> kRejectLabels{
    "max_connections", "open_files",     "proxy_untrusted", "proxy_malformed", "proxy_incomplete",
    "tls_failed",      "tls_incomplete", "auth_malformed",  "auth_incomplete", "auth_failed",
    "handshake_full",  "address_limit",  "identity_limit",  "memory",          "stopping"};
inline constexpr std::size_t kRejectReasons = kRejectLabels.size();

// How a shard sends to many clients.
enum class SendPath : std::uint8_t { kIoUring, kSystemCalls };
inline constexpr std::array<std::string_view, 2> kSendPathLabels{"io_uring", "system_calls"};
inline constexpr std::size_t kSendPaths = kSendPathLabels.size();

// accept(2) failures.
enum class AcceptError : std::uint8_t { kEmfile, kEnfile, kEnomem, kAborted, kOther };
inline constexpr std::array<std::string_view, 5> kAcceptErrorLabels{"EMFILE", "ENFILE", "ENOMEM",
                                                                    "ECONNABORTED", "other"};
inline constexpr std::size_t kAcceptErrors = kAcceptErrorLabels.size();

// Upper bounds in seconds.
inline constexpr std::array<double, 11> kLifetimeBounds{1,    5,     15,    60,    300,   900,
                                                        3600, 14400, 43200, 86400, 604800};
inline constexpr std::array<double, 12> kWaitBounds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                    0.1,   0.25,   0.5,   1,    2.5,   10};
inline constexpr std::array<double, 14> kEnqueueBounds{
    0.00001, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 1, 10};
inline constexpr std::array<double, 7> kWidthBounds{0, 1, 10, 100, 1000, 10000, 100000};

// What one shard counted. Counters only grow; gauges say so. The shard publishes a whole copy at
// the end of each loop turn, so in every copy
//   sum(offered) = sent_frames + sum(dropped) + sum(discarded) + queued_frames.
struct ShardStats {
  std::array<std::uint64_t, kSources> offered{};
  std::uint64_t sent_frames = 0;  // their last byte was taken by the kernel
  std::uint64_t sent_bytes = 0;
  std::uint64_t send_calls = 0;  // sends that were tried, alone or in a ring with others
  DropCounts dropped{};
  std::array<std::uint64_t, kCloseReasons> discarded{};  // still queued when the connection closed
  std::uint64_t queued_frames = 0;                       // gauge
  std::uint64_t queued_bytes = 0;                        // gauge, unsent bytes over all queues
  std::uint64_t received_frames = 0;
  std::uint64_t received_bytes = 0;
  std::array<std::uint64_t, kCloseReasons> closed{};
  std::uint64_t connections = 0;       // gauge
  std::uint64_t connections_slow = 0;  // gauge, queue at least half full
  Histogram<kLifetimeBounds> lifetime;
  Histogram<kWaitBounds> queue_wait;  // enqueued to sent, of frames that had to wait
  Histogram<kWaitBounds> loop_lag;    // how late the shard's timer ticked
  Histogram<kWaitBounds> ping_rtt;    // codec envelope: ping to pong

  ShardStats& operator+=(const ShardStats& other);
};

struct ListenerStats {
  std::string name;
  std::uint64_t connections = 0;  // gauge
  std::uint64_t accepted = 0;
  std::array<std::uint64_t, kRejectReasons> rejected{};
  std::uint64_t handshaking = 0;  // gauge, accepted and not yet clients
};

// What the queues of a node hold together.
struct QueueMemoryStats {
  std::uint64_t retained_bytes = 0;            // gauge, memory really held, what clients share once
  std::uint64_t limit_bytes = 0;               // 0: no bound
  PressureLevel level = PressureLevel::kCalm;  // gauge
  std::array<std::uint64_t, kPressureLevels> transitions{};  // entered, by level
  std::uint64_t refused = 0;  // broadcasts and relays refused because queues held too much
};

// A whole node, in numbers. A value; take one with Dataplane::stats().
struct Stats {
  ShardStats shards;  // the sum over all shards
  std::vector<ListenerStats> listeners;
  std::array<std::uint64_t, kSendPaths> shards_by_path{};  // gauge; how many shards send like this
  std::uint64_t connections_limit = 0;
  std::array<std::uint64_t, kAcceptErrors> accept_errors{};
  double accept_paused_seconds = 0;
  double accept_rate_limited_seconds = 0;
  double oldest_tick_seconds = 0;    // gauge, see Dataplane::oldest_tick()
  std::uint64_t inflight_bytes = 0;  // gauge, broadcasts accepted and not yet walked
  std::uint64_t inflight_bytes_max = 0;
  std::uint64_t partial_bytes = 0;  // gauge, begun frames and unprocessed input
  std::uint64_t partial_bytes_max = 0;
  std::uint64_t overloaded =
      0;  // broadcasts and relays refused because inflight_bytes was at its bound
  QueueMemoryStats queue_memory;
  Histogram<kEnqueueBounds> broadcast_enqueue;  // accepted to last channel
  Histogram<kWidthBounds> broadcast_targets;
};

}  // namespace crier::dataplane
