#pragma once

#include <prometheus/collectable.h>

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "services/credentials/reload_stats.hpp"

namespace crier::services::ops {

// How reading credentials again went, as metrics.
class CredentialsMetrics final : public prometheus::Collectable {
 public:
  using Expiries = std::map<std::string, std::chrono::system_clock::time_point>;
  // Called once per scrape, on the scraping thread.
  struct Sources {
    std::function<credentials::ReloadStats()> reloads;
    std::function<Expiries()> certificates;  // by listener
  };
  explicit CredentialsMetrics(Sources sources);

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  const Sources sources_;
};

}  // namespace crier::services::ops
