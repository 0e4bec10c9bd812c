#pragma once

#include <grpcpp/impl/server_builder_option.h>

#include <memory>
#include <vector>

namespace crier::services::control {

// Whether one server describes its services (gRPC server reflection). gRPC's library adds it to
// every server of a process in which it is linked.
class Reflection final : public grpc::ServerBuilderOption {
 public:
  explicit Reflection(bool on) : on_(on) {}

  void UpdateArguments(grpc::ChannelArguments* /*arguments*/) override {}
  void UpdatePlugins(std::vector<std::unique_ptr<grpc::ServerBuilderPlugin>>* plugins) override;

 private:
  const bool on_;
};

}  // namespace crier::services::control
