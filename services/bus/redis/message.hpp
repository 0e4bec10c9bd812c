#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "services/bus/bus.hpp"

namespace crier::services::bus::redis {

// A command on its way to Redis with what its publisher waits for.
struct Message {
  enum class Kind : std::uint8_t {
    kPublish,  // PUBLISH: now or never
    kAppend,   // XADD: kept until confirmed
    kProbe,    // a PUBLISH or XADD of the bus itself, for this session only
    kStreamProbe,
  };

  Kind kind = Kind::kPublish;
  std::string command;
  std::size_t command_bytes = 0;  // also when `command` is no longer needed
  std::size_t payload_bytes = 0;
  std::optional<Outcome> refused;  // known before it was queued; there is no command
  // When its publisher is told kUnconfirmed, unless it was told something before.
  std::chrono::steady_clock::time_point deadline;
  Bus::Done done;
  bool told = false;
};

}  // namespace crier::services::bus::redis
