#pragma once

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include "services/control/open_calls.hpp"
#include "services/control/rpc_stats.hpp"
#include "services/control/status.hpp"

namespace crier::services::control {

// A BroadcastStream that is not let in: ends at once, with nothing read, and counts as one request.
// Deletes itself when gRPC is done with it.
class DeniedStream final : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  DeniedStream(OpenCalls& calls, RpcStats& stats, const Status& status);

  void OnDone() override;

 private:
  OpenCalls& calls_;
};

}  // namespace crier::services::control
