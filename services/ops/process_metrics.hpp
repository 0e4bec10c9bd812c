#pragma once

#include <prometheus/collectable.h>

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace crier::services::ops {

// What /proc/self/stat says of a process, in its own units.
struct ProcessStat {
  std::uint64_t user_ticks = 0;
  std::uint64_t system_ticks = 0;
  std::uint64_t start_ticks = 0;  // after boot
  std::uint64_t virtual_bytes = 0;
  std::uint64_t resident_pages = 0;
};

// Parses the one line of /proc/PID/stat; nothing when it is not one.
[[nodiscard]] std::optional<ProcessStat> parse_process_stat(std::string_view line);

// The standard process_* metrics of this process, read from /proc at each scrape. Without /proc
// they are 0.
class ProcessMetrics final : public prometheus::Collectable {
 public:
  ProcessMetrics();

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  const double boot_seconds_;  // of the machine, since the epoch
};

}  // namespace crier::services::ops
