#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <string_view>

#include "dataplane/access/authenticator.hpp"
#include "dataplane/broadcast.hpp"
#include "dataplane/config.hpp"
#include "dataplane/framing/encoding.hpp"
#include "dataplane/framing/framing.hpp"
#include "dataplane/listener/address_counts.hpp"
#include "dataplane/listener/bounded_counts.hpp"
#include "dataplane/processors/processor.hpp"
#include "dataplane/proxy/networks.hpp"
#include "dataplane/tls/tls_slot.hpp"

namespace crier::dataplane {

// What all connections of a listener share, on whichever shard they live. Constant after
// construction, apart from the counters.
struct ListenerContext {
  ListenerContext(ListenerIndex index_in, const ListenerConfig& config_in,
                  std::unique_ptr<Processor> processor_in)
      : index(index_in),
        config(config_in),
        framing(config.framing, config.max_frame_bytes),
        encoding(encoding_of(config.framing, config.codec)),
        proxies(Networks::parse(config.proxy_trusted).value_or(Networks())),
        processor(std::move(processor_in)),
        addresses(config.max_connections_per_address),
        identities(config.max_connections_per_identity) {}
  ListenerContext(const ListenerContext&) = delete;
  ListenerContext& operator=(const ListenerContext&) = delete;

  const ListenerIndex index;
  const ListenerConfig config;
  const Framing framing;
  const Encoding encoding;
  const Networks proxies;
  const std::unique_ptr<Processor> processor;

  // Constant after the node's start.
  std::uint64_t handshaking_max = std::numeric_limits<std::uint64_t>::max();
  std::function<void(const RejectedClient&)> on_rejected;
  std::shared_ptr<Authenticator> authenticator;  // null: it needs none

  [[nodiscard]] bool proxied() const { return config.proxy_protocol == ProxyProtocol::kRequired; }
  // Whether a connection has something to do before it becomes a client.
  [[nodiscard]] bool has_handshake() const {
    return proxied() || config.tls || config.authentication == Authentication::kToken ||
           config.codec == Codec::kEnvelope;
  }

  // Any thread: counts a connection that is closed before it became a client, and tells of it.
  void reject(const PeerAddress& peer, RejectReason reason, std::string_view detail = {}) {
    rejected[static_cast<std::size_t>(reason)].fetch_add(1, std::memory_order_relaxed);
    if (on_rejected) on_rejected({index, peer, reason, detail});
  }
  [[nodiscard]] std::uint64_t clients() const {
    const std::uint64_t awaiting = handshaking.load(std::memory_order_relaxed);
    const std::uint64_t all = connections.load(std::memory_order_relaxed);
    return all > awaiting ? all - awaiting : 0;
  }

  // Any thread: where its clients come from, and who they are.
  AddressCounts addresses;
  BoundedCounts<std::string> identities;
  // Any thread. Never null after the node's start where config.tls is set.
  TlsSlot tls;

  // Any thread (atomic).
  std::atomic<std::uint64_t> connections{0};  // clients, and those that may become some
  std::atomic<std::uint64_t> handshaking{0};  // of these
  std::atomic<std::uint64_t> accepted{0};
  std::array<std::atomic<std::uint64_t>, kRejectReasons> rejected{};
};

}  // namespace crier::dataplane
