#include "services/control/convert.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace crier::services::control {
namespace {

using std::chrono::nanoseconds;

std::int64_t count(std::uint64_t value) {
  return static_cast<std::int64_t>(value);
}

google::protobuf::Timestamp to_proto(dataplane::WallTime time) {
  const auto since = time.time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
  google::protobuf::Timestamp proto;
  proto.set_seconds(seconds.count());
  proto.set_nanos(static_cast<std::int32_t>(nanoseconds(since - seconds).count()));
  return proto;
}

v1::DropReason to_proto(dataplane::DropReason reason) {
  switch (reason) {
    case dataplane::DropReason::kQueueFull:
      return v1::DROP_REASON_QUEUE_FULL;
    case dataplane::DropReason::kTooSlow:
      return v1::DROP_REASON_TOO_SLOW;
    case dataplane::DropReason::kUnencodable:
      return v1::DROP_REASON_UNENCODABLE;
    case dataplane::DropReason::kClosing:
      return v1::DROP_REASON_CLOSING;
    case dataplane::DropReason::kEvicted:
      return v1::DROP_REASON_EVICTED;
  }
  return v1::DROP_REASON_UNSPECIFIED;
}

v1::ClientState to_proto(dataplane::ClientState state) {
  switch (state) {
    case dataplane::ClientState::kActive:
      return v1::CLIENT_STATE_ACTIVE;
    case dataplane::ClientState::kSlow:
      return v1::CLIENT_STATE_SLOW;
    case dataplane::ClientState::kHalfClosed:
      return v1::CLIENT_STATE_HALF_CLOSED;
    case dataplane::ClientState::kClosing:
      return v1::CLIENT_STATE_CLOSING;
  }
  return v1::CLIENT_STATE_UNSPECIFIED;
}

v1::OverflowPolicy to_proto(dataplane::OverflowPolicy policy) {
  switch (policy) {
    case dataplane::OverflowPolicy::kDropNewest:
      return v1::OVERFLOW_POLICY_DROP_NEWEST;
    case dataplane::OverflowPolicy::kDropOldest:
      return v1::OVERFLOW_POLICY_DROP_OLDEST;
    case dataplane::OverflowPolicy::kDisconnect:
      return v1::OVERFLOW_POLICY_DISCONNECT;
  }
  return v1::OVERFLOW_POLICY_UNSPECIFIED;
}

template <class Message>
void add_drops(const dataplane::DropCounts& drops, Message& message) {
  for (std::size_t reason = 0; reason < drops.size(); ++reason) {
    if (drops[reason] == 0) continue;
    v1::Drop* drop = message.add_dropped();
    drop->set_reason(to_proto(static_cast<dataplane::DropReason>(reason)));
    drop->set_count(count(drops[reason]));
  }
}

// Each reason stands at most once in a list.
void add_drop(const v1::Drop& drop, v1::BroadcastResponse& response) {
  for (v1::Drop& each : *response.mutable_dropped()) {
    if (each.reason() != drop.reason()) continue;
    each.set_count(each.count() + drop.count());
    return;
  }
  *response.add_dropped() = drop;
}

template <class Message>
void add_unknown(const std::vector<dataplane::ClientId>& ids, Message& message) {
  for (const auto& id : ids) message.add_unknown_client_ids(dataplane::to_string(id));
}

void set_queue(const dataplane::ClientInfo& info, const dataplane::QueueConfig& config,
               v1::Queue& queue) {
  queue.set_frames(count(info.queued_frames));
  queue.set_bytes(count(info.queued_bytes));
  queue.set_max_frames(config.max_frames);
  queue.set_max_bytes(count(config.max_bytes));
  queue.set_high_water_bytes(count(info.high_water_bytes));
  if (info.queued_frames > 0) *queue.mutable_oldest_age() = to_duration(info.oldest_age);
  queue.set_overflow(to_proto(config.overflow));
}

void set_identity(const dataplane::Identity& identity, v1::Client& client) {
  client.set_subject(identity.subject);
  for (const auto& [name, value] : identity.labels) (*client.mutable_labels())[name] = value;
  if (identity.expires) *client.mutable_expire_time() = to_proto(*identity.expires);
}

void set_tcp(const dataplane::TcpInfo& info, v1::TcpInfo& tcp) {
  *tcp.mutable_rtt() = to_duration(info.rtt);
  tcp.set_retransmits(count(info.retransmits));
  tcp.set_unacked_bytes(count(info.unacked_bytes));
  tcp.set_unsent_bytes(count(info.unsent_bytes));
  tcp.set_acked_bytes(count(info.acked_bytes));
}

}  // namespace

google::protobuf::Duration to_duration(nanoseconds duration) {
  constexpr std::int64_t kPerSecond = 1'000'000'000;
  google::protobuf::Duration proto;
  proto.set_seconds(duration.count() / kPerSecond);
  proto.set_nanos(static_cast<std::int32_t>(duration.count() % kPerSecond));
  return proto;
}

Result<std::optional<dataplane::OverflowPolicy>> from_proto(v1::OverflowPolicy policy) {
  switch (policy) {
    case v1::OVERFLOW_POLICY_UNSPECIFIED:
      return {};
    case v1::OVERFLOW_POLICY_DROP_NEWEST:
      return {{}, dataplane::OverflowPolicy::kDropNewest};
    case v1::OVERFLOW_POLICY_DROP_OLDEST:
      return {{}, dataplane::OverflowPolicy::kDropOldest};
    case v1::OVERFLOW_POLICY_DISCONNECT:
      return {{}, dataplane::OverflowPolicy::kDisconnect};
    default:
      break;
  }
  return {invalid_field("overflow", "INVALID_OVERFLOW", "is not a known policy"), {}};
}

void to_proto(const dataplane::BroadcastResult& result, v1::BroadcastResponse& response) {
  response.set_matched(count(result.matched));
  response.set_queued(count(result.queued));
  add_drops(result.dropped, response);
  response.set_evicted(count(result.evicted));
  add_unknown(result.unknown, response);
}

v1::NodeCounts to_counts(const v1::BroadcastResponse& response, std::string node_id) {
  v1::NodeCounts counts;
  counts.set_node_id(std::move(node_id));
  counts.set_matched(response.matched());
  counts.set_queued(response.queued());
  *counts.mutable_dropped() = response.dropped();
  counts.set_evicted(response.evicted());
  return counts;
}

void add_peers(PeerReport report, v1::BroadcastResponse& response) {
  response.set_published(report.published);
  for (std::string& node_id : report.unreachable) response.add_unreachable(std::move(node_id));
  for (PeerReport::Answer& answer : report.answers) {
    response.set_matched(response.matched() + answer.counts.matched());
    response.set_queued(response.queued() + answer.counts.queued());
    response.set_evicted(response.evicted() + answer.counts.evicted());
    for (const v1::Drop& drop : answer.counts.dropped()) add_drop(drop, response);
    for (std::string& id : answer.unknown_client_ids) {
      response.add_unknown_client_ids(std::move(id));
    }
    *response.add_nodes() = std::move(answer.counts);
  }
}

void to_proto(const dataplane::DisconnectResult& result, v1::DisconnectResponse& response) {
  response.set_matched(count(result.matched));
  response.set_disconnected(count(result.disconnected));
  add_unknown(result.unknown, response);
}

void to_proto(const dataplane::ClientInfo& info, const Listeners& listeners, v1::Client& client) {
  const Listeners::Entry& listener = listeners.at(info.listener);
  client.set_client_id(dataplane::to_string(info.id));
  client.set_listener(listener.name);
  client.set_remote_address(info.remote_address);
  client.set_state(to_proto(info.state));
  *client.mutable_connect_time() = to_proto(info.connect_time);
  if (info.last_receive_time) {
    *client.mutable_last_receive_time() = to_proto(*info.last_receive_time);
  }
  if (info.last_send_time) *client.mutable_last_send_time() = to_proto(*info.last_send_time);
  client.mutable_received()->set_frames(count(info.received_frames));
  client.mutable_received()->set_bytes(count(info.received_bytes));
  client.mutable_sent()->set_frames(count(info.sent_frames));
  client.mutable_sent()->set_bytes(count(info.sent_bytes));
  set_queue(info, listener.queue, *client.mutable_queue());
  add_drops(info.dropped, client);
  if (info.tcp) set_tcp(*info.tcp, *client.mutable_tcp());
  if (info.identity) set_identity(*info.identity, client);
  if (info.ping_rtt) *client.mutable_ping_rtt() = to_duration(*info.ping_rtt);
  client.set_tls_version(std::string(info.tls_version));
}

}  // namespace crier::services::control
