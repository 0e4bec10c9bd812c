#pragma once

#include <grpcpp/support/server_callback.h>

#include "crier/v1/control.pb.h"
#include "services/control/open_calls.hpp"
#include "services/control/rpc_stats.hpp"
#include "services/control/status.hpp"

namespace crier::services::control {

// A BroadcastStream that is not let in: ends at once, with nothing read, and counts as one request.
// Deletes itself when gRPC is done with it.
class DeniedStream final
    : public grpc::ServerBidiReactor<v1::BroadcastRequest, v1::BroadcastResponse> {
 public:
  DeniedStream(OpenCalls& calls, RpcStats& stats, const Status& status);

  void OnDone() override;

 private:
  OpenCalls& calls_;
};

}  // namespace crier::services::control
