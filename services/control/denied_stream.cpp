#include "services/control/denied_stream.hpp"

#include <memory>

#include "services/control/grpc_status.hpp"

namespace crier::services::control {

DeniedStream::DeniedStream(OpenCalls& calls, RpcStats& stats, const Status& status)
    : calls_(calls) {
  const auto since = RpcStats::Clock::now();
  stats.started(Method::kBroadcastStream);
  stats.finished(Method::kBroadcastStream, status.code, RpcStats::Clock::now() - since);
  (void)calls_.enter();  // an ending server waits for it as for any other
  Finish(to_grpc(status));
}

void DeniedStream::OnDone() {
  const std::unique_ptr<DeniedStream> self(this);
  calls_.leave();
}

}  // namespace crier::services::control
