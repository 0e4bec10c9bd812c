#pragma once

#include <prometheus/collectable.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "services/ops/family.hpp"

namespace crier::services::ops {

inline constexpr std::string_view kMetricsContentType = "text/plain; version=0.0.4; charset=utf-8";

// All metrics of the process, in the order in which their sources were added.
class Exposition {
 public:
  // Not while another thread collects.
  void add(std::unique_ptr<const prometheus::Collectable> source);

  // Asks every source once. Any thread.
  [[nodiscard]] Families collect() const;

 private:
  std::vector<std::unique_ptr<const prometheus::Collectable>> sources_;
};

// Prometheus text format 0.0.4.
[[nodiscard]] std::string to_text(const Families& families);

// docs/metrics.md: every family with its type, labels and meaning. Values of the labels `listener`,
// `version`, `revision` and `compiler` depend on the installation and are left out.
[[nodiscard]] std::string documentation(const Families& families);

}  // namespace crier::services::ops
