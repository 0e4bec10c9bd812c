#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "services/bus/redis/reply.hpp"

namespace crier::services::bus::redis {

// Where an entry is in a stream: milliseconds of Redis's clock and a count within one.
struct StreamId {
  std::uint64_t time_ms = 0;
  std::uint64_t count = 0;

  auto operator<=>(const StreamId&) const = default;
  [[nodiscard]] std::string text() const;
};
[[nodiscard]] std::optional<StreamId> parse_stream_id(std::string_view text);

// One entry as the bus writes it: t is who it is for, and either m a message or p a probe.
struct StreamEntry {
  StreamId id;
  std::uint64_t to = 0;
  std::optional<std::string> message;
  std::optional<std::string> probe;
};

// Moves an entry out of what Redis said. Nothing: it is not an entry at all. Fields that are not
// the bus's, as anybody may have written them, give an entry with neither message nor probe.
[[nodiscard]] std::optional<StreamEntry> parse_stream_entry(Reply&& reply);

}  // namespace crier::services::bus::redis
