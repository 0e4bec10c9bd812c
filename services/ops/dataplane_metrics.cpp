#include "services/ops/dataplane_metrics.hpp"

#include <utility>

#include "dataplane/close_reason.hpp"
#include "services/ops/family.hpp"

namespace crier::services::ops {
namespace {

using dataplane::ListenerStats;
using dataplane::ShardStats;
using dataplane::Stats;

constexpr auto kCloseLabels = [] {
  std::array<std::string_view, dataplane::kCloseReasons> labels{};
  for (const dataplane::CloseReasonInfo& info : dataplane::kCloseReasonTable) {
    labels[static_cast<std::size_t>(info.reason)] = info.label;
  }
  return labels;
}();

double number(std::uint64_t value) {
  return static_cast<double>(value);
}

void add_listeners(Families& out, const std::vector<ListenerStats>& listeners) {
  Family connections = gauge("crier_connections", "Clients connected now.");
  Family accepted = counter("crier_connections_accepted_total", "Connections that became clients.");
  Family rejected =
      counter("crier_connections_rejected_total", "Connections closed before they became clients.");
  Family awaiting = gauge("crier_connections_handshaking",
                          "Connections accepted that are not clients yet: PROXY header, TLS, "
                          "authentication.");
  for (const ListenerStats& listener : listeners) {
    const Labels labels{{"listener", listener.name}};
    add(connections, number(listener.connections), labels);
    add(accepted, number(listener.accepted), labels);
    add(awaiting, number(listener.handshaking), labels);
    for (std::size_t i = 0; i < dataplane::kRejectReasons; ++i) {
      add(rejected, number(listener.rejected[i]),
          {{"listener", listener.name}, {"reason", std::string(dataplane::kRejectLabels[i])}});
    }
  }
  out.push_back(std::move(connections));
  out.push_back(std::move(accepted));
  out.push_back(std::move(rejected));
  out.push_back(std::move(awaiting));
}

void add_connections(Families& out, const Stats& stats) {
  out.push_back(gauge("crier_connections_limit", "Clients that this process can hold at most.",
                      number(stats.connections_limit)));
  out.push_back(gauge("crier_connections_slow", "Clients whose queue is at least half full.",
                      number(stats.shards.connections_slow)));
  out.push_back(counter("crier_connections_closed_total",
                        "Clients that ended, each with exactly one reason.", "reason", kCloseLabels,
                        stats.shards.closed));
  out.push_back(histogram("crier_connection_lifetime_seconds",
                          "How long clients that ended had been connected.",
                          stats.shards.lifetime));
  out.push_back(histogram("crier_ping_rtt_seconds",
                          "From a ping to its pong, of clients with codec envelope.",
                          stats.shards.ping_rtt));
  out.push_back(counter("crier_accept_errors_total", "Failures of accept(2).", "errno",
                        dataplane::kAcceptErrorLabels, stats.accept_errors));
  out.push_back(counter("crier_accept_paused_seconds_total",
                        "Time in which listeners rested after running out of descriptors.",
                        stats.accept_paused_seconds));
  out.push_back(counter("crier_accept_rate_limited_seconds_total",
                        "Time in which listeners rested because of their accept_rate.",
                        stats.accept_rate_limited_seconds));
}

void add_shards(Families& out, const Stats& stats) {
  out.push_back(gauge("crier_shards", "Threads that serve clients, by how they send broadcasts.",
                      "sends", dataplane::kSendPathLabels, stats.shards_by_path));
  out.push_back(histogram("crier_eventloop_lag_seconds",
                          "How late the timers of the data plane's threads ran.",
                          stats.shards.loop_lag));
  out.push_back(gauge("crier_eventloop_oldest_tick_seconds",
                      "Since the thread that is most behind ran its timer.",
                      stats.oldest_tick_seconds));
}

void add_messages(Families& out, const ShardStats& shards) {
  out.push_back(counter("crier_messages_offered_total",
                        "Messages matched to a client, counted once for each client.", "source",
                        dataplane::kSourceLabels, shards.offered));
  out.push_back(counter("crier_messages_sent_total",
                        "Messages whose last byte was taken by the kernel.",
                        number(shards.sent_frames)));
  out.push_back(counter("crier_bytes_sent_total", "Bytes taken by the kernel, framing included.",
                        number(shards.sent_bytes)));
  out.push_back(counter("crier_messages_dropped_total", "Messages that a queue refused or evicted.",
                        "reason", dataplane::kDropLabels, shards.dropped));
  out.push_back(counter("crier_messages_discarded_total",
                        "Messages still queued when their client ended, by its close reason.",
                        "reason", kCloseLabels, shards.discarded));
  out.push_back(counter("crier_messages_received_total", "Messages received from clients.",
                        number(shards.received_frames)));
  out.push_back(counter("crier_bytes_received_total",
                        "Bytes received from clients, framing included.",
                        number(shards.received_bytes)));
  out.push_back(counter("crier_send_calls_total",
                        "Sends that were tried; a system call each, or many in one of io_uring's.",
                        number(shards.send_calls)));
}

void add_queue_memory(Families& out, const dataplane::QueueMemoryStats& memory) {
  out.push_back(gauge("crier_queue_memory_limit_bytes",
                      "Bound of crier_queue_retained_bytes; 0 where there is none.",
                      number(memory.limit_bytes)));
  out.push_back(gauge("crier_queue_memory_level",
                      "What the memory of queues makes the node do: 0 nothing, 1 refuse clients, 2 "
                      "close those that are behind, 3 refuse messages.",
                      number(static_cast<std::uint64_t>(memory.level))));
  out.push_back(counter("crier_queue_memory_transitions_total",
                        "Changes of crier_queue_memory_level, by the level that was entered.",
                        "level", dataplane::kPressureLabels, memory.transitions));
  out.push_back(counter("crier_queue_memory_refused_total",
                        "Broadcasts and relayed messages refused because queues held too much.",
                        number(memory.refused)));
}

void add_queues(Families& out, const Stats& stats) {
  const ShardStats& shards = stats.shards;
  out.push_back(gauge("crier_queued_messages", "Messages waiting in the queues of all clients.",
                      number(shards.queued_frames)));
  out.push_back(gauge("crier_queued_bytes", "Unsent bytes in the queues of all clients.",
                      number(shards.queued_bytes)));
  out.push_back(gauge("crier_queue_retained_bytes",
                      "Memory held by queued messages; what clients share counts once.",
                      number(stats.queue_memory.retained_bytes)));
  add_queue_memory(out, stats.queue_memory);
  out.push_back(histogram("crier_queue_wait_seconds",
                          "Time from queued to sent, of messages that had to wait.",
                          shards.queue_wait));
  out.push_back(gauge("crier_partial_bytes",
                      "Messages begun by clients and input not yet processed.",
                      number(stats.partial_bytes)));
  out.push_back(gauge("crier_partial_limit_bytes", "Bound of crier_partial_bytes.",
                      number(stats.partial_bytes_max)));
}

void add_broadcasts(Families& out, const Stats& stats) {
  out.push_back(histogram("crier_broadcast_enqueue_seconds",
                          "Time from accepting a broadcast to handing it to its last client.",
                          stats.broadcast_enqueue));
  out.push_back(histogram("crier_broadcast_targets", "Clients that a broadcast was matched to.",
                          stats.broadcast_targets));
  out.push_back(gauge("crier_inflight_bytes",
                      "Broadcasts accepted and not yet handed to every client.",
                      number(stats.inflight_bytes)));
  out.push_back(gauge("crier_inflight_limit_bytes", "Bound of crier_inflight_bytes.",
                      number(stats.inflight_bytes_max)));
  out.push_back(counter("crier_broadcasts_overloaded_total",
                        "Broadcasts and relayed messages refused because crier_inflight_bytes was "
                        "at its bound.",
                        number(stats.overloaded)));
}

}  // namespace

DataplaneMetrics::DataplaneMetrics(Source stats) : stats_(std::move(stats)) {}

Families DataplaneMetrics::Collect() const {
  const Stats stats = stats_();
  Families out;
  add_listeners(out, stats.listeners);
  add_shards(out, stats);
  add_connections(out, stats);
  add_messages(out, stats.shards);
  add_queues(out, stats);
  add_broadcasts(out, stats);
  return out;
}

}  // namespace crier::services::ops
