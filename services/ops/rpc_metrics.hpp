#pragma once

#include <prometheus/collectable.h>

#include <functional>
#include <vector>

#include "services/control/rpc_stats.hpp"

namespace crier::services::ops {

// The control API's calls as metrics.
class RpcMetrics final : public prometheus::Collectable {
 public:
  using Source = std::function<control::RpcSnapshot()>;

  // `snapshot` is called once per scrape, on the scraping thread.
  explicit RpcMetrics(Source snapshot);

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  const Source snapshot_;
};

}  // namespace crier::services::ops
