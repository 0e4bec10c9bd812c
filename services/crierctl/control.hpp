#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include <memory>

#include "crier/v1/control.grpc.pb.h"
#include "services/crierctl/options.hpp"

namespace crier::services::crierctl {

// The control API of one crier: a channel, and calls that end within the timeout.
class Control {
 public:
  // Connects with the first call. Throws UsageError as make_channel() does.
  explicit Control(const GlobalOptions& global);
  Control(const Control&) = delete;
  Control& operator=(const Control&) = delete;

  [[nodiscard]] v1::Control::Stub& stub() { return *stub_; }

  // Calls a unary method and waits for its answer:
  //   control.call(&v1::Control::Stub::GetClient, request, client)
  template <typename Method, typename Request, typename Response>
  [[nodiscard]] grpc::Status call(Method method, const Request& request, Response& response) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + timeout_);
    return (*stub_.*method)(&context, request, &response);
  }

 private:
  const std::chrono::milliseconds timeout_;
  const std::unique_ptr<v1::Control::Stub> stub_;
};

}  // namespace crier::services::crierctl
