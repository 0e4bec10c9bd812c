#include "services/control/stream_reactor.hpp"

#include <memory>

#include "services/control/grpc_status.hpp"

namespace crier::services::control {

StreamReactor::StreamReactor(Control& control, OpenCalls& calls)
    : calls_(calls), stream_(control, *this) {
  stream_.start();
  calls_.enter(stream_);
}

void StreamReactor::OnDone() {
  const std::unique_ptr<StreamReactor> self(this);
  calls_.leave(stream_);
}

// A hinted answer stays in gRPC's buffer until the next one that is not hinted.
void StreamReactor::start_write(const v1::BroadcastResponse& answer, bool more) {
  grpc::WriteOptions options;
  if (more) options.set_buffer_hint();
  StartWrite(&answer, options);
}

void StreamReactor::finish(const Status& status) {
  Finish(to_grpc(status));
}

}  // namespace crier::services::control
