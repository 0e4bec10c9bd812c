#pragma once

#include <prometheus/collectable.h>

#include <cstdint>
#include <functional>
#include <vector>

#include "services/logging/log.hpp"
#include "services/ops/readiness.hpp"

namespace crier::services::ops {

// What the process as a whole says of itself: build, drain, log.
class NodeMetrics final : public prometheus::Collectable {
 public:
  struct Sources {
    const Readiness& readiness;                // must outlive this object
    std::function<std::uint64_t()> clients;    // connected now
    std::function<logging::Counters()> lines;  // of the log
  };

  // The sources are called once per scrape, on the scraping thread.
  explicit NodeMetrics(Sources sources);

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  const Sources sources_;
};

}  // namespace crier::services::ops
