#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dataplane/dataplane.hpp"

namespace crier::services::app {

// Where the process listens, as bound.
struct Addresses {
  std::vector<dataplane::Dataplane::Listener> data;
  std::string control;
  std::string ops;
};

// Logs one line "listening" for each address: `plane` is data, control or ops, `address` is
// host:port, and `listener` names a data listener.
void announce(const Addresses& addresses);

// How a newcomer can try it, as one sentence. `program` is how this process was called.
[[nodiscard]] std::string hint(const Addresses& addresses, std::string_view program);

}  // namespace crier::services::app
