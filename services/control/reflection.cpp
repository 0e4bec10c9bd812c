#include "services/control/reflection.hpp"

#include <grpcpp/ext/proto_server_reflection_plugin.h>

namespace crier::services::control {

void Reflection::UpdatePlugins(std::vector<std::unique_ptr<grpc::ServerBuilderPlugin>>* plugins) {
  auto own = std::make_unique<grpc::reflection::ProtoServerReflectionPlugin>();
  std::erase_if(*plugins, [&own](const auto& plugin) { return plugin->name() == own->name(); });
  if (on_) plugins->push_back(std::move(own));
}

}  // namespace crier::services::control
