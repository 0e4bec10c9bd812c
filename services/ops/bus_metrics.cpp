#include "services/ops/bus_metrics.hpp"

#include <array>
#include <string_view>
#include <utility>

#include "services/ops/family.hpp"

namespace crier::services::ops {
namespace {

constexpr std::array<std::string_view, 2> kNodeStateLabels{"reachable", "unreachable"};

double number(std::uint64_t value) {
  return static_cast<double>(value);
}

void add_connection(Families& out, const bus::Stats& stats) {
  out.push_back(gauge("crier_bus_up",
                      "1 while the bus is connected both ways and what this node publishes comes "
                      "back to it, otherwise 0.",
                      stats.up ? 1 : 0));
  out.push_back(
      counter("crier_bus_connects_total", "How often the bus came up.", number(stats.connects)));
  out.push_back(counter("crier_bus_connection_losses_total",
                        "Connections to the bus that ended or could not be opened.", "reason",
                        bus::kLossLabels, stats.losses));
  out.push_back(histogram("crier_bus_echo_seconds",
                          "Time from publishing a probe to its coming back.", stats.echo));
}

void add_published(Families& out, const bus::Stats& stats) {
  out.push_back(counter("crier_bus_messages_published_total",
                        "Messages to other nodes, by what became of them.", "outcome",
                        bus::kOutcomeLabels, stats.published));
  out.push_back(counter("crier_bus_published_bytes_total", "Bytes of messages handed to the bus.",
                        number(stats.published_bytes)));
  out.push_back(gauge("crier_bus_backlog_bytes", "Messages handed to the bus and not confirmed.",
                      number(stats.backlog_bytes)));
  out.push_back(gauge("crier_bus_backlog_limit_bytes", "Bound of crier_bus_backlog_bytes.",
                      number(stats.backlog_bytes_max)));
}

void add_received(Families& out, const bus::Stats& stats, const cluster::Stats& numbers) {
  out.push_back(counter("crier_bus_messages_received_total",
                        "Messages that the bus brought, this node's own included.",
                        number(stats.received)));
  out.push_back(counter("crier_bus_received_bytes_total", "Bytes of messages that the bus brought.",
                        number(stats.received_bytes)));
  out.push_back(counter("crier_bus_messages_ignored_total",
                        "Messages that the bus brought and this node did not act on.", "reason",
                        cluster::kIgnoredLabels, numbers.ignored));
  out.push_back(counter("crier_bus_broadcasts_received_total",
                        "Broadcasts of other nodes, given to this node's clients.",
                        number(numbers.broadcasts)));
  out.push_back(counter("crier_bus_gap_messages_total",
                        "Broadcasts of other nodes that never reached this one.",
                        number(numbers.gap_messages)));
  out.push_back(counter("crier_bus_pauses_total",
                        "How often the bus was not read because this node was busy with what it "
                        "had brought.",
                        number(stats.pauses)));
}

void add_cluster(Families& out, const cluster::Stats& numbers) {
  out.push_back(gauge("crier_cluster_nodes", "Other nodes that this one knows.", "state",
                      kNodeStateLabels, {numbers.reachable, numbers.unreachable}));
  out.push_back(counter("crier_cluster_requests_total",
                        "Requests to other nodes, counted once for each node asked.", "result",
                        cluster::kAskedLabels, numbers.asked));
}

}  // namespace

BusMetrics::BusMetrics(Sources sources) : sources_(std::move(sources)) {}

Families BusMetrics::Collect() const {
  const bus::Stats stats = sources_.bus();
  const cluster::Stats numbers = sources_.cluster();
  Families out;
  add_connection(out, stats);
  add_published(out, stats);
  add_received(out, stats, numbers);
  add_cluster(out, numbers);
  return out;
}

}  // namespace crier::services::ops
