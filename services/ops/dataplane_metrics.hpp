#pragma once

#include <prometheus/collectable.h>

#include <functional>
#include <vector>

#include "dataplane/stats.hpp"

namespace crier::services::ops {

// The data plane's counters as metrics. One scrape takes one copy of them, so what holds in
// dataplane::Stats holds in every scrape: the sums over labels satisfy
//   crier_messages_offered_total = crier_messages_sent_total + crier_messages_dropped_total
//                                + crier_messages_discarded_total + crier_queued_messages.
// The number of series depends on the number of listeners only.
class DataplaneMetrics final : public prometheus::Collectable {
 public:
  using Source = std::function<dataplane::Stats()>;

  // `stats` is called once per scrape, on the scraping thread.
  explicit DataplaneMetrics(Source stats);

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  const Source stats_;
};

}  // namespace crier::services::ops
