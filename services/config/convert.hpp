#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "crier/v1/config.pb.h"
#include "dataplane/config.hpp"
#include "services/bus/redis/options.hpp"
#include "services/logging/log.hpp"

namespace crier::services::config {

// What each part of the process needs of the configuration.
// REQUIRES: `config` came from load() or parse().
[[nodiscard]] dataplane::Config to_dataplane(const v1::Config& config);
[[nodiscard]] logging::Options to_logging(const v1::Config::Log& log);

// Nothing without a bus.url. `node`, this node's incarnation, is left for the caller to fill in.
[[nodiscard]] std::optional<bus::redis::Options> to_bus(const v1::Config& config);

// node.name or, where it is empty, the host's name; "node" where that is no name either.
[[nodiscard]] std::string node_name(const v1::Config& config);

struct Drain {
  std::chrono::milliseconds settle;
  std::chrono::milliseconds spread;
  std::chrono::milliseconds flush;
  std::chrono::milliseconds deadline;  // never 0: the sum of the others + 5 s where the key is 0
};
[[nodiscard]] Drain to_drain(const v1::Config::Drain& drain);

}  // namespace crier::services::config
