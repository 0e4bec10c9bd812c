#include "dataplane/stats.hpp"

namespace crier::dataplane {
namespace {

template <std::size_t N>
void add(std::array<std::uint64_t, N>& to, const std::array<std::uint64_t, N>& from) {
  for (std::size_t i = 0; i < N; ++i) to[i] += from[i];
}

}  // namespace

ShardStats& ShardStats::operator+=(const ShardStats& other) {
  add(offered, other.offered);
  sent_frames += other.sent_frames;
  sent_bytes += other.sent_bytes;
  send_calls += other.send_calls;
  add(dropped, other.dropped);
  add(discarded, other.discarded);
  queued_frames += other.queued_frames;
  queued_bytes += other.queued_bytes;
  received_frames += other.received_frames;
  received_bytes += other.received_bytes;
  add(closed, other.closed);
  connections += other.connections;
  connections_slow += other.connections_slow;
  lifetime += other.lifetime;
  queue_wait += other.queue_wait;
  loop_lag += other.loop_lag;
  ping_rtt += other.ping_rtt;
  return *this;
}

}  // namespace crier::dataplane
