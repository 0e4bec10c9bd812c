#pragma once

#include <chrono>

#include "dataplane/stats.hpp"

namespace crier::services::app {

// Logs one line "stopped" with what the process did in its life.
void log_summary(const dataplane::Stats& stats, std::chrono::steady_clock::duration uptime);

}  // namespace crier::services::app
