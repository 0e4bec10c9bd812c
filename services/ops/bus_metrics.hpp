#pragma once

#include <prometheus/collectable.h>

#include <functional>
#include <vector>

#include "services/bus/bus.hpp"
#include "services/cluster/stats.hpp"

namespace crier::services::ops {

// The bus and the other nodes as metrics; only for a node that has a bus. The number of series does
// not depend on the number of nodes.
class BusMetrics final : public prometheus::Collectable {
 public:
  struct Sources {
    std::function<bus::Stats()> bus;
    std::function<cluster::Stats()> cluster;
  };

  // The sources are called once per scrape, on the scraping thread.
  explicit BusMetrics(Sources sources);

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  const Sources sources_;
};

}  // namespace crier::services::ops
