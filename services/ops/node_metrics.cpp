#include "services/ops/node_metrics.hpp"

#include <string>
#include <utility>

#include "services/ops/build_info.hpp"
#include "services/ops/family.hpp"

namespace crier::services::ops {

NodeMetrics::NodeMetrics(Sources sources) : sources_(std::move(sources)) {}

Families NodeMetrics::Collect() const {
  Families out;
  const BuildInfo& build = build_info();
  Family info = gauge("crier_build_info", "Always 1; the labels say what is running.");
  add(info, 1,
      {{"version", std::string(build.version)},
       {"revision", std::string(build.revision)},
       {"compiler", std::string(build.compiler)}});
  out.push_back(std::move(info));

  const bool draining = sources_.readiness.draining();
  out.push_back(
      gauge("crier_draining", "1 from the signal to stop on, 0 before.", draining ? 1 : 0));
  out.push_back(gauge("crier_drain_remaining_connections",
                      "Clients that a drain has yet to close; 0 when there is no drain.",
                      draining ? static_cast<double>(sources_.clients()) : 0));

  const logging::Counters lines = sources_.lines();
  Family dropped = counter("crier_log_lines_dropped_total", "Log lines that were not written.");
  add(dropped, static_cast<double>(lines.dropped), {{"reason", "queue_full"}});
  add(dropped, static_cast<double>(lines.suppressed), {{"reason", "rate_limited"}});
  out.push_back(std::move(dropped));
  return out;
}

}  // namespace crier::services::ops
