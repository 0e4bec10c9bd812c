#pragma once

#include <prometheus/collectable.h>

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "services/credentials/reload_stats.hpp"

namespace crier::services::ops {

// How reading credentials again went, as metrics.
class CredentialsMetrics final : public prometheus::Collectable {
 public:
  using Expiries = std::map<std::string, std::chrono::system_clock::time_point>;
  // In place of a listener: the control API. A space is in no listener's name.
  static constexpr std::string_view kControlApi = "control API";
  // Called once per scrape, on the scraping thread.
  struct Sources {
    std::function<credentials::ReloadStats()> reloads;
    std::function<Expiries()> certificates;  // by listener, or kControlApi
  };
  explicit CredentialsMetrics(Sources sources);

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  const Sources sources_;
};

}  // namespace crier::services::ops
