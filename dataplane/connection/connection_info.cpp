#include "dataplane/connection/connection.hpp"

namespace crier::dataplane {
namespace {

// Our times are on the monotonic clock; callers want to see the wall's.
std::optional<WallTime> to_wall(Time time, Time now) {
  if (time == Time{}) return std::nullopt;
  return std::chrono::system_clock::now() -
         std::chrono::duration_cast<std::chrono::system_clock::duration>(now - time);
}

}  // namespace

ClientId Connection::id() const {
  return {shard_.incarnation, origin_.slot, shard_.shard, origin_.serial};
}

ClosedClient Connection::closed_now() const {
  ClosedClient client;
  client.id = id();
  client.listener = listener_.index;
  client.peer = origin_.peer;
  client.reason = close_reason_;
  client.age = std::chrono::duration_cast<std::chrono::milliseconds>(shard_.now - connected_at_);
  client.received_frames = received_frames_;
  client.sent_frames = sent_frames_;
  client.discarded_frames = cold_ ? cold_->discarded_frames : 0;
  return client;
}

ClientInfo Connection::info_now(bool with_tcp) const {
  ClientInfo client;
  client.id = id();
  client.listener = listener_.index;
  client.remote_address = origin_.peer.text();
  client.connect_time = *to_wall(connected_at_, shard_.now);
  client.last_receive_time = to_wall(received_at_, shard_.now);
  client.last_send_time = to_wall(sent_at_, shard_.now);
  client.received_frames = received_frames_;
  client.received_bytes = received_bytes_;
  client.offered_frames = offered_frames_;
  client.sent_frames = sent_frames_;
  client.sent_bytes = sent_bytes_;
  client.queued_frames = channel_.frames();
  client.queued_bytes = channel_.bytes();
  if (!channel_.empty()) {
    client.oldest_age = std::chrono::milliseconds(Stamp(shard_.stamp() - channel_.oldest()));
  }
  if (cold_) {
    client.dropped = cold_->dropped;
    client.discarded_frames = cold_->discarded_frames;
    client.high_water_bytes = cold_->high_water_bytes;
  }
  if (active()) {
    client.state = slow_ ? ClientState::kSlow : ClientState::kActive;
  } else {
    const bool fin = close_reason_ == CloseReason::kClientClosed;
    client.state = fin ? ClientState::kHalfClosed : ClientState::kClosing;
  }
  if (session_) {
    client.identity = session_->identity;
    if (const EnvelopeState* state = envelope()) {
      client.queued_frames += state->notices.frames;
      client.queued_bytes += state->notices.unsent_bytes();
      client.ping_rtt = state->rtt;
    }
    if (session_->tls) client.tls_version = session_->tls->version();
  }
  if (with_tcp) client.tcp = shard_.sockets.tcp_info(origin_.fd);
  return client;
}

}  // namespace crier::dataplane
