#include "dataplane/config.hpp"

#include <cstdint>
#include <set>

#include "dataplane/client_id.hpp"
#include "dataplane/framing/encoding.hpp"
#include "dataplane/listener/address.hpp"
#include "dataplane/pressure/admission.hpp"
#include "dataplane/processors/registry.hpp"
#include "dataplane/proxy/networks.hpp"

namespace crier::dataplane {
namespace {

// Blocks keep the ends of frames in 32 bits.
constexpr std::uint64_t kPayloadBytesMax = UINT32_MAX - kFramingBytesMax;

std::optional<ConfigError> validate_proxy(const ListenerConfig& listener) {
  const auto trusted = Networks::parse(listener.proxy_trusted);
  if (!trusted) {
    return ConfigError{"proxy_trusted",
                       "'" + listener.proxy_trusted +
                           "' is not a list of networks, such as 10.0.0.0/8,2001:db8::/32"};
  }
  if (listener.proxy_protocol == ProxyProtocol::kRequired && trusted->empty()) {
    return ConfigError{"proxy_trusted",
                       "must name the proxies' networks, since proxy_protocol is "
                       "required"};
  }
  return std::nullopt;
}

std::optional<ConfigError> validate_access(const ListenerConfig& listener) {
  const bool fixed = listener.framing.kind == FramingKind::kFixed;
  if (fixed && listener.codec == Codec::kEnvelope) {
    return ConfigError{"codec",
                       "envelope needs a framing that tells where a frame ends: not fixed"};
  }
  if (fixed && listener.authentication == Authentication::kToken) {
    return ConfigError{"auth.method",
                       "token and jwt come in a first frame of their own length: not with fixed"};
  }
  if (listener.authentication == Authentication::kCertificate && !listener.tls) {
    return ConfigError{"auth.method", "certificate needs tls"};
  }
  return std::nullopt;
}

// What is wrong with one listener: the key below it, and why.
std::optional<ConfigError> validate(const ListenerConfig& listener, const Config& config) {
  const QueueConfig& queue = listener.queue;
  const FramingConfig& framing = listener.framing;
  if (listener.name.empty()) return ConfigError{"name", "must not be empty"};
  if (!parse_address(listener.address)) {
    return ConfigError{
        "address",
        "'" + listener.address + "' is not numeric host:port, such as 0.0.0.0:8082 or [::]:8082"};
  }
  if (framing.kind == FramingKind::kLength && framing.length_bytes != 1 &&
      framing.length_bytes != 2 && framing.length_bytes != 4) {
    return ConfigError{"length_bytes", "must be 1, 2 or 4"};
  }
  if (framing.kind == FramingKind::kFixed &&
      (framing.fixed_bytes == 0 || framing.fixed_bytes > listener.max_frame_bytes)) {
    return ConfigError{"fixed_bytes", "must be at least 1 and at most max_frame_bytes"};
  }
  if (listener.max_frame_bytes == 0 || listener.max_frame_bytes > kPayloadBytesMax) {
    return ConfigError{"max_frame_bytes",
                       "must be at least 1 and less than 4 GiB with its framing"};
  }
  const Encoding encoding = encoding_of(framing, listener.codec);
  const std::uint64_t largest = frame_bytes_max(encoding, config.max_payload_bytes);
  if (largest > UINT32_MAX) {
    return ConfigError{"codec", "makes the largest payload larger than 4 GiB"};
  }
  if (queue.max_frames > 0 && largest > queue.max_bytes) {
    return ConfigError{"queue.max_bytes",
                       "must hold the largest payload (" +
                           std::to_string(config.max_payload_bytes) + " bytes) with its framing (" +
                           std::to_string(largest - config.max_payload_bytes) + ")"};
  }
  if (frame_bytes_max(encoding, listener.max_frame_bytes) > queue.max_bytes) {
    return ConfigError{"queue.max_bytes", "must hold a frame of max_frame_bytes with its framing"};
  }
  if (listener.write_stall.count() <= 0) return ConfigError{"write_stall", "must be more than 0"};
  if (listener.partial_frame.count() <= 0) {
    return ConfigError{"partial_frame", "must be more than 0"};
  }
  if (listener.idle_timeout.count() < 0) return ConfigError{"idle_timeout", "must not be negative"};
  if (listener.max_age.count() < 0) return ConfigError{"max_age", "must not be negative"};
  if (listener.inbound.close_after.count() < 0) {
    return ConfigError{"inbound.close_after", "must not be negative"};
  }
  if (listener.handshake_timeout.count() <= 0) {
    return ConfigError{"handshake_timeout", "must be more than 0"};
  }
  if (listener.pong_timeout.count() <= 0) return ConfigError{"pong_timeout", "must be more than 0"};
  if (const auto problem = processor_problem(listener)) return ConfigError{"processor", *problem};
  if (const auto error = validate_access(listener)) return error;
  return validate_proxy(listener);
}

}  // namespace

std::optional<ConfigError> validate(const Config& config) {
  if (config.listeners.empty()) return ConfigError{"listeners", "there must be at least one"};
  if (config.shards > kShardsMax) {
    return ConfigError{"shards", "must be at most " + std::to_string(kShardsMax)};
  }
  if (config.max_payload_bytes == 0 || config.max_payload_bytes > config.max_inflight_bytes) {
    return ConfigError{"max_payload_bytes", "must be at least 1 and at most max_inflight_bytes"};
  }
  if (config.max_payload_bytes > kPayloadBytesMax) {
    return ConfigError{"max_payload_bytes", "must be less than 4 GiB with its framing"};
  }
  if (config.max_queue_memory > 0 && config.max_queue_memory < smallest_queue_memory(config)) {
    return ConfigError{"max_queue_memory",
                       "must be 0 (no bound) or at least " +
                           std::to_string(smallest_queue_memory(config)) +
                           " bytes, so that a fifth of it holds the largest payload"};
  }
  std::set<std::string> names;
  for (std::size_t i = 0; i < config.listeners.size(); ++i) {
    const std::string key = "listeners[" + std::to_string(i) + "].";
    if (auto error = validate(config.listeners[i], config)) {
      return ConfigError{key + error->key, error->message};
    }
    if (!names.insert(config.listeners[i].name).second) {
      return ConfigError{key + "name", "'" + config.listeners[i].name + "' is already taken"};
    }
  }
  return std::nullopt;
}

}  // namespace crier::dataplane
