#pragma once

#include <map>
#include <sstream>
#include <string>

namespace crier::services::ops {

// Series name with labels -> value, read from the text format.
using Samples = std::map<std::string, double>;

[[nodiscard]] inline Samples read_samples(const std::string& text) {
  Samples samples;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    const std::size_t space = line.rfind(' ');
    if (line.empty() || line.front() == '#' || space == std::string::npos) continue;
    samples[line.substr(0, space)] = std::stod(line.substr(space + 1));
  }
  return samples;
}

// The sum over all label values of one metric.
[[nodiscard]] inline double sum_of(const Samples& samples, const std::string& name) {
  double sum = 0;
  for (const auto& [series, value] : samples) {
    if (series == name || series.rfind(name + "{", 0) == 0) sum += value;
  }
  return sum;
}

}  // namespace crier::services::ops
