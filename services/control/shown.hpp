#pragma once

#include <grpcpp/server_context.h>

#include <string>

#include "services/control/access/gate.hpp"

namespace crier::services::control {

// What the caller of a call shows. Owns what it refers to where gRPC gives copies only.
class ShownOf final {
 public:
  explicit ShownOf(const grpc::ServerContextBase& context);
  ShownOf(const ShownOf&) = delete;
  ShownOf& operator=(const ShownOf&) = delete;

  // Refers to this and to the context.
  [[nodiscard]] const Shown& get() const { return shown_; }

 private:
  std::string subject_;
  Shown shown_;
};

}  // namespace crier::services::control
