#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "services/ops/exposition.hpp"

namespace crier::services::ops {
namespace {

constexpr std::string_view kIntroduction =
    "# Metrics\n"
    "\n"
    "Served at `/metrics` of the ops port in the Prometheus text format. Every series exists from\n"
    "the first scrape, but `crier_bus_` and `crier_cluster_` only where there is a `bus.url`. "
    "Their\n"
    "number depends neither on the number of clients nor on that of nodes. In each scrape\n"
    "\n"
    "    crier_messages_offered_total = crier_messages_sent_total + crier_messages_dropped_total\n"
    "                                 + crier_messages_discarded_total + crier_queued_messages\n"
    "\n"
    "holds for the sums over their labels.\n"
    "\n"
    "| metric | type | labels | meaning |\n"
    "|---|---|---|---|\n";

std::string_view type_name(prometheus::MetricType type) {
  switch (type) {
    case prometheus::MetricType::Counter:
      return "counter";
    case prometheus::MetricType::Gauge:
      return "gauge";
    case prometheus::MetricType::Histogram:
      return "histogram";
    case prometheus::MetricType::Summary:
    case prometheus::MetricType::Untyped:
      break;
  }
  return "untyped";
}

bool values_are_closed(std::string_view label) {
  return label != "listener" && label != "version" && label != "revision" && label != "compiler";
}

std::string describe_labels(const Family& family) {
  std::map<std::string, std::vector<std::string>> values;
  for (const prometheus::ClientMetric& metric : family.metric) {
    for (const auto& label : metric.label) {
      std::vector<std::string>& seen = values[label.name];
      if (std::find(seen.begin(), seen.end(), label.value) == seen.end()) {
        seen.push_back(label.value);
      }
    }
  }
  std::string text;
  for (const auto& [label, seen] : values) {
    if (!text.empty()) text += "; ";
    text += "`" + label + "`";
    if (!values_are_closed(label)) continue;
    for (std::size_t i = 0; i < seen.size(); ++i) text += (i == 0 ? ": " : ", ") + seen[i];
  }
  return text;
}

}  // namespace

std::string documentation(const Families& families) {
  std::string text(kIntroduction);
  for (const Family& family : families) {
    text += "| `" + family.name + "` | ";
    text += type_name(family.type);
    text += " | " + describe_labels(family) + " | " + family.help + " |\n";
  }
  return text;
}

}  // namespace crier::services::ops
