#pragma once

#include <grpcpp/impl/codegen/service_type.h>
#include <grpcpp/support/server_callback.h>

#include <array>
#include <string>

#include "crier/v1/control.pb.h"
#include "services/control/access/gate.hpp"
#include "services/control/control.hpp"
#include "services/control/open_calls.hpp"

namespace crier::services::control {

// Puts a Control behind gRPC's callback API. Every method asks the gate first, before anything of
// its request is read, and looks at what parsing a request would cost before it does (parts.hpp).
// All must outlive every call.
//
// gRPC reads the request of a unary method before it tells anybody of the call. On the wire such a
// method is a stream of one request, and as that it is registered here.
class Service final : public grpc::Service {
 public:
  Service(Control& control, OpenCalls& calls, Gate& gate);

 private:
  template <class Request, class Response, class Done>
  void serve(Method method, void (Control::*call)(const Request&, Response&, Done));
  void serve_stream();
  // Registers `handler`, which gRPC then owns.
  void add(Method method, grpc::internal::RpcMethod::RpcType type,
           grpc::internal::MethodHandler* handler);
  Admission admit(Method method, const grpc::CallbackServerContext& context);

  Control& control_;
  OpenCalls& calls_;
  Gate& gate_;
  std::array<std::string, kMethods> paths_;  // by Method; gRPC keeps pointers to them
  int methods_added_ = 0;
};

}  // namespace crier::services::control
