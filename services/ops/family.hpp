#pragma once

#include <prometheus/metric_family.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dataplane/histogram.hpp"

// Short ways to write one metric family. Values of a label come from closed lists, so that a family
// has the same series in every scrape.
namespace crier::services::ops {

using Family = prometheus::MetricFamily;
using Families = std::vector<Family>;
using Labels = std::vector<prometheus::ClientMetric::Label>;

// Families without samples yet.
[[nodiscard]] Family counter(std::string_view name, std::string_view help);
[[nodiscard]] Family gauge(std::string_view name, std::string_view help);
[[nodiscard]] Family histogram(std::string_view name, std::string_view help);

// Adds a sample to a counter or a gauge.
void add(Family& family, double value, Labels labels = {});

// Adds a sample to a histogram. `counts` has one entry more than `bounds`, the last for +Inf, and
// is not cumulative.
void add(Family& family, const double* bounds, const std::uint64_t* counts, std::size_t bounds_size,
         double sum, Labels labels = {});

template <const auto& Bounds>
void add(Family& family, const dataplane::Histogram<Bounds>& values, Labels labels = {}) {
  add(family, Bounds.data(), values.counts.data(), Bounds.size(), values.sum, std::move(labels));
}

// A family of one sample.
[[nodiscard]] Family counter(std::string_view name, std::string_view help, double value);
[[nodiscard]] Family gauge(std::string_view name, std::string_view help, double value);

template <const auto& Bounds>
[[nodiscard]] Family histogram(std::string_view name, std::string_view help,
                               const dataplane::Histogram<Bounds>& values) {
  Family family = histogram(name, help);
  add(family, values);
  return family;
}

// Adds a sample for each value of `label`.
template <std::size_t N>
void add(Family& family, std::string_view label,
         const std::array<std::string_view, N>& label_values,
         const std::array<std::uint64_t, N>& values) {
  for (std::size_t i = 0; i < N; ++i) {
    add(family, static_cast<double>(values[i]),
        {{std::string(label), std::string(label_values[i])}});
  }
}

// A family of one sample for each value of `label`.
template <std::size_t N>
[[nodiscard]] Family counter(std::string_view name, std::string_view help, std::string_view label,
                             const std::array<std::string_view, N>& label_values,
                             const std::array<std::uint64_t, N>& values) {
  Family family = counter(name, help);
  add(family, label, label_values, values);
  return family;
}
template <std::size_t N>
[[nodiscard]] Family gauge(std::string_view name, std::string_view help, std::string_view label,
                           const std::array<std::string_view, N>& label_values,
                           const std::array<std::uint64_t, N>& values) {
  Family family = gauge(name, help);
  add(family, label, label_values, values);
  return family;
}

}  // namespace crier::services::ops
