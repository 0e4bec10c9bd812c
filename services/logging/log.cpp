#include "services/logging/log.hpp"

#include <atomic>

#include "services/logging/logger.hpp"

namespace crier::services::logging {
namespace {

// Never freed: threads of libraries may log until the process ends.
std::atomic<Logger*> process_log{nullptr};

Logger* current() {
  return process_log.load(std::memory_order_acquire);
}

}  // namespace

void start(const Options& options) {
  if (current() == nullptr) {
    process_log.store(new Logger(options), std::memory_order_release);
  }
}

void stop(std::chrono::milliseconds timeout) {
  if (Logger* logger = current()) {
    logger->stop(timeout);
  }
}

bool enabled(Level level) {
  const Logger* logger = current();
  return logger != nullptr && logger->enabled(level);
}

void log(Level level, std::string_view message, Fields fields) {
  if (Logger* logger = current()) {
    logger->log(level, message, fields);
  }
}

void log_limited(std::string_view site, Level level, std::string_view message, Fields fields) {
  if (Logger* logger = current()) {
    logger->log_limited(site, level, message, fields);
  }
}

Counters counters() {
  const Logger* logger = current();
  return logger == nullptr ? Counters{} : logger->counters();
}

}  // namespace crier::services::logging
