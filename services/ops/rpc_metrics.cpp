#include "services/ops/rpc_metrics.hpp"

#include <string>
#include <utility>

#include "services/ops/family.hpp"

namespace crier::services::ops {

RpcMetrics::RpcMetrics(Source snapshot) : snapshot_(std::move(snapshot)) {}

Families RpcMetrics::Collect() const {
  const control::RpcSnapshot snapshot = snapshot_();
  Family inflight = gauge("crier_rpc_inflight", "Calls begun and not yet answered.");
  Family finished =
      counter("crier_rpc_finished_total", "Calls answered; a stream counts each of its requests.");
  Family duration = histogram("crier_rpc_duration_seconds", "From a call's arrival to its answer.");
  for (std::size_t m = 0; m < control::kMethods; ++m) {
    const control::RpcSnapshot::PerMethod& calls = snapshot.methods[m];
    const std::string method(control::kMethodLabels[m]);
    add(inflight, static_cast<double>(calls.in_flight), {{"method", method}});
    for (std::size_t c = 0; c < control::kCodes; ++c) {
      add(finished, static_cast<double>(calls.finished[c]),
          {{"method", method}, {"code", std::string(control::kCodeLabels[c])}});
    }
    add(duration, calls.duration, {{"method", method}});
  }
  Families out;
  out.push_back(std::move(inflight));
  out.push_back(std::move(finished));
  out.push_back(std::move(duration));
  out.push_back(counter("crier_control_denied_total",
                        "Calls of the control API that were not let in; each is finished too.",
                        "reason", control::kDenialLabels, snapshot.denied));
  out.push_back(gauge("crier_control_connections", "Connections of the control API.",
                      static_cast<double>(snapshot.connections)));
  Family rejected = counter("crier_control_connections_rejected_total",
                            "Connections of the control API that were closed because there were "
                            "control.max_connections already.");
  add(rejected, static_cast<double>(snapshot.connections_rejected), {});
  out.push_back(std::move(rejected));
  return out;
}

}  // namespace crier::services::ops
