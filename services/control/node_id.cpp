#include "services/control/node_id.hpp"

#include <cstddef>

#include "dataplane/client_id.hpp"

namespace crier::services::control {

std::string epoch_text(std::uint64_t epoch) {
  std::string text;
  for (std::size_t digit = dataplane::kIncarnationBits / 4; digit-- > 0;) {
    text.push_back("0123456789abcdef"[(epoch >> (4 * digit)) & 15U]);
  }
  return text;
}

std::string make_node_id(std::string_view name, std::uint64_t epoch) {
  return std::string(name) + '/' + epoch_text(epoch);
}

}  // namespace crier::services::control
