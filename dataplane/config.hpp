#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace crier::dataplane {

// What a queue does with a frame that does not fit.
enum class OverflowPolicy : std::uint8_t {
  kDropNewest,  // refuse the new frame
  kDropOldest,  // evict old frames until it fits; refuse it where eviction cannot suffice
  kDisconnect,  // close the connection (kSlowConsumer)
};

enum class FramingKind : std::uint8_t { kLine, kLength, kVarint, kFixed };

struct FramingConfig {
  FramingKind kind = FramingKind::kLine;
  std::uint32_t length_bytes = 4;  // kLength: size of the prefix, 1, 2 or 4
  std::uint32_t fixed_bytes = 2;   // kFixed: size of an inbound frame, at least 1
};

// Bounds of one connection's send queue; both are checked before a frame is added.
struct QueueConfig {
  std::uint32_t max_frames = 1024;  // 0: never queue, a frame leaves at once or is dropped
  std::uint64_t max_bytes = 2U << 20U;
  OverflowPolicy overflow = OverflowPolicy::kDropNewest;
};

// Whether each connection begins with a header in which a proxy names the client.
enum class ProxyProtocol : std::uint8_t { kOff, kRequired };

// What a frame of a listener holds.
enum class Codec : std::uint8_t {
  kPlain,     // a payload
  kEnvelope,  // a message of frame.proto
};

// What a client proves itself with before it becomes one.
enum class Authentication : std::uint8_t {
  kNone,
  kToken,        // its first frame, or with Codec::kEnvelope what its hello says
  kCertificate,  // the one it shows in the TLS handshake
};

// How fast one client may send, with a burst of one second.
struct InboundConfig {
  std::uint32_t messages_per_second = 0;     // 0: no bound
  std::uint64_t bytes_per_second = 0;        // framing included; 0: no bound
  std::chrono::milliseconds close_after{0};  // held back without a pause; 0: never closed
};

struct ListenerConfig {
  std::string name = "default";
  std::string address = "0.0.0.0:8082";  // numeric host:port, [v6]:port; port 0: any free one
  FramingConfig framing;
  std::string processor = "discard";           // a name from processors/registry.hpp
  std::uint32_t max_frame_bytes = 64U << 10U;  // inbound payload, without its framing
  QueueConfig queue;
  std::chrono::milliseconds write_stall{10'000};    // queued bytes without progress; > 0
  std::chrono::milliseconds partial_frame{30'000};  // begun to ended; > 0
  std::chrono::milliseconds idle_timeout{0};        // nothing received; 0: off
  std::uint32_t max_connections = 0;                // 0: the node's own limit
  std::uint32_t max_connections_per_address = 0;    // an IPv4 address or an IPv6 /64; 0: no bound
  std::uint32_t send_buffer_bytes = 0;              // SO_SNDBUF; 0: the kernel's own bound
  ProxyProtocol proxy_protocol = ProxyProtocol::kOff;
  std::string proxy_trusted;  // networks of the proxies, separated by commas
  bool tls = false;           // only starts with Dataplane::use_tls()
  Authentication authentication = Authentication::kNone;
  std::chrono::milliseconds expiry_grace{30'000};      // stay after credentials expired
  std::chrono::milliseconds handshake_timeout{5'000};  // accept to client, all steps; > 0
  Codec codec = Codec::kPlain;
  std::uint32_t max_connections_per_identity = 0;  // the same subject; 0: no bound
  std::uint32_t accept_rate = 0;                   // connections per second; 0: no bound
  InboundConfig inbound;
  std::chrono::milliseconds max_age{0};                // give or take a tenth; 0: no bound
  std::chrono::milliseconds ping_interval{25'000};     // kEnvelope; 0: never
  std::chrono::milliseconds pong_timeout{10'000};      // kEnvelope; > 0
  std::chrono::milliseconds reconnect_spread{10'000};  // kEnvelope, in goaways
};

struct Config {
  std::vector<ListenerConfig> listeners;
  std::uint32_t shards = 0;                     // 0: one per usable CPU, at most 16
  bool io_uring = true;                         // send through rings where the kernel allows it
  std::uint64_t max_payload_bytes = 1U << 20U;  // of one broadcast
  std::uint64_t max_inflight_bytes = 64U
                                     << 20U;  // broadcasts accepted and not yet walked, node-wide
  std::uint64_t max_partial_bytes = 64U << 20U;  // begun frames and unprocessed input, node-wide
  std::uint64_t max_queue_memory = 0;            // what queues retain, node-wide; 0: no bound
  std::chrono::milliseconds linger{2'000};       // read-and-discard after our FIN
  std::chrono::milliseconds flush{2'000};        // to send what is queued when closing politely
};

// Why a configuration cannot work: the key, as written in the file, and one sentence.
struct ConfigError {
  std::string key;  // e.g. listeners[0].queue.max_bytes
  std::string message;
};

// Checks what concerns the data plane alone, without touching the machine. Pure.
[[nodiscard]] std::optional<ConfigError> validate(const Config& config);

}  // namespace crier::dataplane
