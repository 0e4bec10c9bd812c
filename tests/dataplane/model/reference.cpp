#include "tests/dataplane/model/reference.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <iterator>
#include <numeric>

namespace crier::testing {
namespace {

using namespace dataplane;

template <class Array>
std::uint64_t sum(const Array& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

void check_law(const ClientInfo& info) {
  RC_ASSERT(info.offered_frames ==
            info.sent_frames + sum(info.dropped) + info.discarded_frames + info.queued_frames);
}

}  // namespace

void Reference::connected(int fd, std::size_t listener) {
  clients_[fd] = {listener, 0, true};
}

std::string Reference::next_text(char kind, std::size_t bytes) {
  std::string text = kind + std::to_string(next_number_++);
  if (text.size() < bytes) text.resize(bytes, '.');
  return text;
}

void Reference::check() {
  const ShardStats& stats = harness_.shard.stats;
  RC_ASSERT(sum(stats.offered) ==
            stats.sent_frames + sum(stats.dropped) + sum(stats.discarded) + stats.queued_frames);
  std::uint64_t received_bytes = 0;
  std::uint64_t received_frames = 0;
  std::uint64_t consumed_bytes = 0;
  std::uint64_t send_calls = 0;
  for (auto& [fd, client] : clients_) {
    check_client(fd, client);
    received_bytes += harness_.sockets[fd].received.size();
    received_frames += client.frames;
    consumed_bytes += harness_.sockets[fd].consumed_bytes;
    send_calls += harness_.sockets[fd].send_calls;
  }
  RC_ASSERT(stats.received_bytes == consumed_bytes);
  RC_ASSERT(stats.send_calls == send_calls);
  RC_ASSERT(stats.sent_bytes == received_bytes);
  RC_ASSERT(stats.sent_frames == received_frames);
  check_connections();
  check_gone();
}

// Whole frames, each once, in the order of their numbers; at most the last one cut short.
void Reference::check_client(int fd, Client& client) {
  const std::vector<std::string> frames = frames_received(fd, client.listener);
  client.frames = frames.size();
  for (const char kind : {'B', 'R'}) {
    std::vector<std::string> own;
    std::copy_if(frames.begin(), frames.end(), std::back_inserter(own),
                 [kind](const std::string& frame) { return frame.front() == kind; });
    RC_ASSERT(std::is_sorted(own.begin(), own.end()));
    RC_ASSERT(std::adjacent_find(own.begin(), own.end()) == own.end());
  }
  const Connection* connection = harness_.connection(fd);
  if (!client.reads_all || connection == nullptr) return;
  const DropCounts dropped = connection->info_now(false).dropped;
  RC_ASSERT(dropped[static_cast<std::size_t>(DropReason::kQueueFull)] == 0U);
  RC_ASSERT(dropped[static_cast<std::size_t>(DropReason::kEvicted)] == 0U);
}

std::vector<std::string> Reference::frames_received(int fd, std::size_t listener) {
  const Framing framing(harness_.listeners[listener]->config.framing, 1U << 20U);
  std::string_view rest = harness_.sockets[fd].received;
  std::vector<std::string> frames;
  for (;;) {
    const Framing::Scan scan = framing.scan(rest);
    if (rest.empty() || scan.status != Framing::Status::kFrame) break;
    frames.emplace_back(scan.payload);
    rest.remove_prefix(scan.frame_bytes);
  }
  return frames;
}

void Reference::check_connections() {
  const ShardStats& stats = harness_.shard.stats;
  std::uint64_t open = 0;
  std::uint64_t queued_frames = 0;
  std::uint64_t queued_bytes = 0;
  std::uint64_t slow = 0;
  std::vector<std::uint64_t> by_listener(harness_.listeners.size());
  for (std::uint32_t slot = 0; slot < harness_.table.slots(); ++slot) {
    const Connection* connection = harness_.table.at(slot);
    if (connection == nullptr) continue;
    const ClientInfo info = connection->info_now(false);
    const QueueConfig& limits = connection->listener().config.queue;
    check_law(info);
    RC_ASSERT(info.queued_frames <= std::max(1U, limits.max_frames));
    RC_ASSERT(info.queued_bytes <= limits.max_bytes);
    RC_ASSERT(info.high_water_bytes >= info.queued_bytes);
    ++open;
    ++by_listener[connection->listener().index];
    queued_frames += info.queued_frames;
    queued_bytes += info.queued_bytes;
    const bool half = info.queued_frames > 0 && (2 * info.queued_frames >= limits.max_frames ||
                                                 2 * info.queued_bytes >= limits.max_bytes);
    slow += half ? 1 : 0;
  }
  RC_ASSERT(stats.connections == open);
  for (std::size_t i = 0; i < by_listener.size(); ++i) {
    RC_ASSERT(harness_.listeners[i]->connections.load() == by_listener[i]);
  }
  RC_ASSERT(stats.queued_frames == queued_frames);
  RC_ASSERT(stats.queued_bytes == queued_bytes);
  RC_ASSERT(stats.connections_slow == slow);
}

// Those that ended, and everybody together.
void Reference::check_gone() {
  const ShardStats& stats = harness_.shard.stats;
  std::uint64_t discarded = 0;
  std::uint64_t offered = 0;
  std::uint64_t dropped = 0;
  std::uint64_t frames_in = 0;
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  const auto add = [&](const ClientInfo& info) {
    offered += info.offered_frames;
    dropped += sum(info.dropped);
    discarded += info.discarded_frames;
    frames_in += info.received_frames;
    bytes_in += info.received_bytes;
    bytes_out += info.sent_bytes;
  };
  for (const ClientInfo& info : harness_.gone) {
    RC_ASSERT(info.queued_frames == 0U);
    check_law(info);
    add(info);
  }
  for (std::uint32_t slot = 0; slot < harness_.table.slots(); ++slot) {
    if (const Connection* c = harness_.table.at(slot)) add(c->info_now(false));
  }
  RC_ASSERT(sum(stats.discarded) == discarded);
  RC_ASSERT(sum(stats.offered) == offered);
  RC_ASSERT(sum(stats.dropped) == dropped);
  RC_ASSERT(stats.received_frames == frames_in);
  RC_ASSERT(stats.received_bytes == bytes_in);
  RC_ASSERT(stats.sent_bytes == bytes_out);
  RC_ASSERT(sum(stats.closed) == harness_.gone.size());
  RC_ASSERT(harness_.closed.size() == harness_.gone.size());
  RC_ASSERT(stats.lifetime.count() == harness_.gone.size());
}

void Reference::check_answers() {
  const ShardStats& stats = harness_.shard.stats;
  std::uint64_t matched = 0;
  std::uint64_t dropped = 0;
  std::uint64_t evicted = 0;
  for (const auto& [result, validate_only] : results_) {
    RC_ASSERT(result->matched == result->queued + sum(result->dropped));
    if (validate_only) continue;
    matched += result->matched;
    dropped += sum(result->dropped);
    evicted += result->evicted;
  }
  RC_ASSERT(stats.offered[static_cast<std::size_t>(Source::kRpc)] == matched);
  RC_ASSERT(stats.dropped[static_cast<std::size_t>(DropReason::kEvicted)] == evicted);
  // No reply of an echo is ever dropped.
  RC_ASSERT(sum(stats.dropped) == dropped + evicted);
}

}  // namespace crier::testing
