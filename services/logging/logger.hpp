#pragma once

#include <spdlog/logger.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string_view>

#include "services/logging/line_writer.hpp"
#include "services/logging/log.hpp"
#include "services/logging/rate_limit.hpp"

namespace crier::services::logging {

// One log: what log.hpp promises for the process's log, as an object. Any thread, except that
// nothing else may be called once the destructor has begun.
class Logger {
 public:
  explicit Logger(const Options& options, RateLimit::Clock clock = std::chrono::steady_clock::now);
  Logger(const Logger&) = delete;
  Logger& operator=(const Logger&) = delete;
  ~Logger();

  [[nodiscard]] bool enabled(Level level) const;
  void log(Level level, std::string_view message, Fields fields = {});
  void log_limited(std::string_view site, Level level, std::string_view message,
                   Fields fields = {});

  // Tells what was held back, then ends the writing within `timeout`.
  void stop(std::chrono::milliseconds timeout);

  // Tells of lines that were dropped or suppressed since it last did. Done about once a second.
  void report();

  [[nodiscard]] Counters counters() const;

 private:
  void report_suppressed(const std::vector<RateLimit::Summary>& summaries);

  const bool json_;
  RateLimit limit_;
  std::atomic<std::uint64_t> dropped_reported_{0};
  spdlog::logger logger_;
  LineWriter writer_;  // last: its thread uses all of the above
};

}  // namespace crier::services::logging
