#include "services/ops/family.hpp"

#include <utility>

namespace crier::services::ops {
namespace {

Family make(std::string_view name, std::string_view help, prometheus::MetricType type) {
  Family family;
  family.name = name;
  family.help = help;
  family.type = type;
  return family;
}

}  // namespace

Family counter(std::string_view name, std::string_view help) {
  return make(name, help, prometheus::MetricType::Counter);
}

Family gauge(std::string_view name, std::string_view help) {
  return make(name, help, prometheus::MetricType::Gauge);
}

Family histogram(std::string_view name, std::string_view help) {
  return make(name, help, prometheus::MetricType::Histogram);
}

void add(Family& family, double value, Labels labels) {
  prometheus::ClientMetric metric;
  metric.label = std::move(labels);
  if (family.type == prometheus::MetricType::Counter) {
    metric.counter.value = value;
  } else {
    metric.gauge.value = value;
  }
  family.metric.push_back(std::move(metric));
}

void add(Family& family, const double* bounds, const std::uint64_t* counts, std::size_t bounds_size,
         double sum, Labels labels) {
  prometheus::ClientMetric metric;
  metric.label = std::move(labels);
  std::uint64_t cumulative = 0;
  metric.histogram.bucket.reserve(bounds_size);
  for (std::size_t i = 0; i < bounds_size; ++i) {
    cumulative += counts[i];
    metric.histogram.bucket.push_back({cumulative, bounds[i]});
  }
  // The serializer adds the +Inf bucket from the count.
  metric.histogram.sample_count = cumulative + counts[bounds_size];
  metric.histogram.sample_sum = sum;
  family.metric.push_back(std::move(metric));
}

Family counter(std::string_view name, std::string_view help, double value) {
  Family family = counter(name, help);
  add(family, value);
  return family;
}

Family gauge(std::string_view name, std::string_view help, double value) {
  Family family = gauge(name, help);
  add(family, value);
  return family;
}

}  // namespace crier::services::ops
