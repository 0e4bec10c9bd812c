#pragma once

#include <prometheus/collectable.h>

#include <functional>
#include <vector>

#include "services/credentials/reload_stats.hpp"

namespace crier::services::ops {

// How reading credentials again went, as metrics.
class CredentialsMetrics final : public prometheus::Collectable {
 public:
  using Source = std::function<credentials::ReloadStats()>;

  // `stats` is called once per scrape, on the scraping thread.
  explicit CredentialsMetrics(Source stats);

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  const Source stats_;
};

}  // namespace crier::services::ops
