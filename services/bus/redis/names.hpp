#pragma once

#include <cstdint>
#include <string>

#include "services/bus/bus.hpp"

namespace crier::services::bus::redis {

// What the bus calls its channels and its stream in Redis.
struct Names {
  Names(const std::string& prefix, std::uint64_t node);

  [[nodiscard]] std::string channel(std::uint64_t to) const;

  std::string nodes;   // what precedes a node in the name of its channel
  std::string all;     // the channel of every node
  std::string own;     // the channel of this node
  std::string stream;  // of Lane::kOrdered, where there is one
};

// At least 13 lowercase digits: as many as an incarnation has.
[[nodiscard]] std::string hex(std::uint64_t value);

}  // namespace crier::services::bus::redis
