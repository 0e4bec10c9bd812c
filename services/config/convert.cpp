#include "services/config/convert.hpp"

#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <variant>

#include "services/config/bus_url.hpp"
#include "services/config/memory_limit.hpp"
#include "services/config/value.hpp"

namespace crier::services::config {
namespace {

using std::chrono::milliseconds;

// Added to what a drain needs at most, for the last calls and threads to end.
constexpr milliseconds kDrainReserve{5'000};

// Added to the largest payload: what else a message between nodes may hold, such as the answer to a
// list of many clients.
constexpr std::size_t kBusMessageReserveBytes = 16U << 20U;

constexpr std::size_t kNodeNameBytesMax = 64;

// What queues may hold of the memory that the process may use, where the file does not say.
constexpr std::uint64_t kQueueMemoryShare = 4;

// The schema's ranges end below what the narrower type holds.
std::uint32_t narrow(std::int64_t value) {
  return static_cast<std::uint32_t>(value);
}
std::uint64_t wide(std::int64_t value) {
  return static_cast<std::uint64_t>(value);
}

dataplane::FramingKind framing_kind(v1::Config::Framing framing) {
  switch (framing) {
    case v1::Config::FRAMING_LENGTH:
      return dataplane::FramingKind::kLength;
    case v1::Config::FRAMING_VARINT:
      return dataplane::FramingKind::kVarint;
    case v1::Config::FRAMING_FIXED:
      return dataplane::FramingKind::kFixed;
    default:
      return dataplane::FramingKind::kLine;
  }
}

dataplane::OverflowPolicy overflow_policy(v1::Config::Overflow overflow) {
  switch (overflow) {
    case v1::Config::OVERFLOW_DROP_OLDEST:
      return dataplane::OverflowPolicy::kDropOldest;
    case v1::Config::OVERFLOW_DISCONNECT:
      return dataplane::OverflowPolicy::kDisconnect;
    default:
      return dataplane::OverflowPolicy::kDropNewest;
  }
}

dataplane::ProxyProtocol proxy_protocol(v1::Config::ProxyProtocol proxy) {
  return proxy == v1::Config::PROXY_PROTOCOL_REQUIRED ? dataplane::ProxyProtocol::kRequired
                                                      : dataplane::ProxyProtocol::kOff;
}

dataplane::Authentication authentication(v1::Config::AuthMethod method) {
  switch (method) {
    case v1::Config::AUTH_METHOD_TOKEN:
    case v1::Config::AUTH_METHOD_JWT:
      return dataplane::Authentication::kToken;
    case v1::Config::AUTH_METHOD_CERTIFICATE:
      return dataplane::Authentication::kCertificate;
    default:
      return dataplane::Authentication::kNone;
  }
}

dataplane::InboundConfig to_inbound(const v1::Config::Inbound& from) {
  dataplane::InboundConfig to;
  to.messages_per_second = narrow(from.messages_per_second());
  to.bytes_per_second = wide(from.bytes_per_second());
  to.close_after = milliseconds(from.close_after());
  return to;
}

dataplane::ListenerConfig to_listener(const v1::Config::Listener& from) {
  dataplane::ListenerConfig to;
  to.name = from.name();
  to.address = from.address();
  to.framing.kind = framing_kind(from.framing());
  to.framing.length_bytes = narrow(from.length_bytes());
  to.framing.fixed_bytes = narrow(from.fixed_bytes());
  to.processor = from.processor();
  to.max_frame_bytes = narrow(from.max_frame_bytes());
  to.queue.max_frames = narrow(from.queue().max_frames());
  to.queue.max_bytes = wide(from.queue().max_bytes());
  to.queue.overflow = overflow_policy(from.queue().overflow());
  to.write_stall = milliseconds(from.write_stall());
  to.partial_frame = milliseconds(from.partial_frame());
  to.idle_timeout = milliseconds(from.idle_timeout());
  to.max_connections = narrow(from.max_connections());
  to.send_buffer_bytes = narrow(from.send_buffer_bytes());
  to.proxy_protocol = proxy_protocol(from.proxy_protocol());
  to.proxy_trusted = from.proxy_trusted();
  to.max_connections_per_address = narrow(from.max_connections_per_address());
  to.handshake_timeout = milliseconds(from.handshake_timeout());
  to.tls = !from.tls().cert_file().empty();
  to.authentication = authentication(from.auth().method());
  to.expiry_grace = milliseconds(from.auth().expiry_grace());
  to.codec = from.codec() == v1::Config::CODEC_ENVELOPE ? dataplane::Codec::kEnvelope
                                                        : dataplane::Codec::kPlain;
  to.max_connections_per_identity = narrow(from.max_connections_per_identity());
  to.accept_rate = narrow(from.accept_rate());
  to.inbound = to_inbound(from.inbound());
  to.max_age = milliseconds(from.max_age());
  to.ping_interval = milliseconds(from.ping_interval());
  to.pong_timeout = milliseconds(from.pong_timeout());
  to.reconnect_spread = milliseconds(from.reconnect_spread());
  return to;
}

std::uint64_t queue_memory(const v1::Config::Limits& limits) {
  if (limits.queue_memory_bytes() != 0) {
    return wide(limits.queue_memory_bytes());
  }
  return usable_memory().value_or(0) / kQueueMemoryShare;
}

}  // namespace

dataplane::Config to_dataplane(const v1::Config& config) {
  dataplane::Config to;
  for (const auto& listener : config.listeners()) {
    to.listeners.push_back(to_listener(listener));
  }
  to.shards = narrow(config.shards());
  to.io_uring = config.io_uring() != v1::Config::IO_URING_NEVER;
  to.max_payload_bytes = wide(config.control().max_payload_bytes());
  to.max_inflight_bytes = wide(config.limits().inflight_bytes());
  to.max_partial_bytes = wide(config.limits().partial_bytes());
  to.max_queue_memory = queue_memory(config.limits());
  to.linger = milliseconds(config.limits().linger());
  to.flush = milliseconds(config.drain().flush());
  return to;
}

logging::Options to_logging(const v1::Config::Log& log) {
  logging::Options options;
  switch (log.level()) {
    case v1::Config::LOG_LEVEL_TRACE:
      options.level = logging::Level::kTrace;
      break;
    case v1::Config::LOG_LEVEL_DEBUG:
      options.level = logging::Level::kDebug;
      break;
    case v1::Config::LOG_LEVEL_WARN:
      options.level = logging::Level::kWarn;
      break;
    case v1::Config::LOG_LEVEL_ERROR:
      options.level = logging::Level::kError;
      break;
    default:
      options.level = logging::Level::kInfo;
  }
  if (log.format() == v1::Config::LOG_FORMAT_TEXT) {
    options.format = logging::Format::kText;
  } else if (log.format() == v1::Config::LOG_FORMAT_JSON) {
    options.format = logging::Format::kJson;
  }
  return options;
}

std::optional<bus::redis::Options> to_bus(const v1::Config& config) {
  const auto& from = config.bus();
  if (from.url().empty()) {
    return std::nullopt;
  }
  auto url = std::get<BusUrl>(
      parse_bus_url(from.url(), default_bus_port(!from.sentinel_master().empty())));
  bus::redis::Options to;
  to.mode = from.mode() == v1::Config::BUS_MODE_STREAM ? bus::redis::Mode::kStream
                                                       : bus::redis::Mode::kPubSub;
  to.endpoints = std::move(url.endpoints);
  to.sentinel_master = from.sentinel_master();
  to.username = from.username();
  to.password = from.password();
  to.password_file = from.password_file();
  to.database = url.database;
  to.prefix = from.prefix();
  to.tls = {url.tls, from.tls().ca_file(), from.tls().cert_file(), from.tls().key_file(),
            from.tls().server_name()};
  to.max_message_bytes = wide(config.control().max_payload_bytes()) + kBusMessageReserveBytes;
  to.max_backlog_bytes = wide(from.max_backlog_bytes());
  to.stream_max_entries = wide(from.stream_max_entries());
  to.probe_interval = milliseconds(from.probe_interval());
  to.probe_timeout = milliseconds(from.probe_timeout());
  return to;
}

std::string node_name(const v1::Config& config) {
  if (!config.node().name().empty()) {
    return config.node().name();
  }
  std::array<char, 256> host{};  // a host's name has at most 64 bytes
  if (gethostname(host.data(), host.size() - 1) != 0) {
    return "node";
  }
  std::string name = host.data();
  return name.empty() || name.size() > kNodeNameBytesMax || !is_text(name) ? "node" : name;
}

Drain to_drain(const v1::Config::Drain& drain) {
  Drain to{milliseconds(drain.settle()), milliseconds(drain.spread()), milliseconds(drain.flush()),
           milliseconds(drain.deadline())};
  if (to.deadline == milliseconds(0)) {
    to.deadline = to.settle + to.spread + to.flush + kDrainReserve;
  }
  return to;
}

}  // namespace crier::services::config
