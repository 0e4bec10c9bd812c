#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dataplane/access/identity.hpp"
#include "dataplane/broadcast.hpp"
#include "dataplane/client_id.hpp"
#include "dataplane/close_reason.hpp"
#include "dataplane/connection/peer_address.hpp"
#include "dataplane/stats.hpp"

namespace crier::dataplane {

enum class ClientState : std::uint8_t {
  kActive,
  kSlow,        // its queue is at least half full
  kHalfClosed,  // it sent FIN; what is queued is still being sent
  kClosing,
};

struct TcpInfo {
  std::chrono::microseconds rtt{};
  std::uint64_t retransmits = 0;
  std::uint64_t unacked_bytes = 0;  // sent, not yet acknowledged
  std::uint64_t unsent_bytes = 0;   // taken by the kernel, not yet sent
  std::uint64_t acked_bytes = 0;
};

using WallTime = std::chrono::system_clock::time_point;

// One client as it was at one moment on its shard.
struct ClientInfo {
  ClientId id;
  ListenerIndex listener = 0;
  std::string remote_address;  // 192.0.2.1:40000 or [2001:db8::1]:40000
  ClientState state = ClientState::kActive;
  WallTime connect_time;
  std::optional<WallTime> last_receive_time;
  std::optional<WallTime> last_send_time;
  std::uint64_t received_frames = 0;
  std::uint64_t received_bytes = 0;
  std::uint64_t offered_frames = 0;
  std::uint64_t sent_frames = 0;
  std::uint64_t sent_bytes = 0;
  std::uint64_t queued_frames = 0;
  std::uint64_t queued_bytes = 0;  // unsent
  std::uint64_t high_water_bytes = 0;
  std::chrono::milliseconds oldest_age{};  // of the frame that waits longest
  DropCounts dropped{};
  std::uint64_t discarded_frames = 0;                 // of a client that is closing
  std::optional<TcpInfo> tcp;                         // get() only
  std::optional<Identity> identity;                   // absent: its listener does not ask
  std::optional<std::chrono::microseconds> ping_rtt;  // codec envelope, once it has answered
  std::string_view tls_version;                       // empty: no TLS
};

// A client that has gone, in brief. Cheap to make: there may be tens of thousands at once.
struct ClosedClient {
  ClientId id;
  ListenerIndex listener = 0;
  PeerAddress peer;
  CloseReason reason = CloseReason::kInternalError;
  std::chrono::milliseconds age{};
  std::uint64_t received_frames = 0;
  std::uint64_t sent_frames = 0;
  std::uint64_t discarded_frames = 0;
};

// A connection that was closed before it became a client.
struct RejectedClient {
  ListenerIndex listener = 0;
  PeerAddress peer;  // of the socket, or as its PROXY header says
  RejectReason reason = RejectReason::kMaxConnections;
  std::string_view detail;  // more about that, for people; may be empty
};

// Where a listing goes on: the first shard and slot not yet looked at.
struct ListPosition {
  std::uint32_t shard = 0;
  std::uint32_t slot = 0;
  auto operator<=>(const ListPosition&) const = default;
};

struct ListRequest {
  ListPosition from;
  std::uint32_t page_size = 100;    // at least 1
  std::uint32_t scan_max = 10'000;  // slots looked at before a page is cut short
  std::optional<ListenerIndex> listener;
};

// Clients keep their slot for life, so one that stays during a whole listing appears exactly once.
struct ListPage {
  std::vector<ClientInfo> clients;
  std::optional<ListPosition> next;  // absent: this was the last page
};

}  // namespace crier::dataplane
