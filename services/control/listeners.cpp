#include "services/control/listeners.hpp"

namespace crier::services::control {

Listeners::Listeners(const std::vector<dataplane::ListenerConfig>& configs) {
  entries_.reserve(configs.size());
  for (const auto& config : configs) entries_.push_back({config.name, config.queue});
}

Result<std::optional<Listeners::Index>> Listeners::find(std::string_view name) const {
  if (name.empty()) return {};
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (entries_[i].name == name) return {.status = {}, .value = static_cast<Index>(i)};
  }
  return {.status = unknown_listener(name), .value = std::nullopt};
}

}  // namespace crier::services::control
