#include "services/control/stream_reactor.hpp"

#include <memory>

#include "services/control/grpc_status.hpp"
#include "services/control/raw_message.hpp"

namespace crier::services::control {

StreamReactor::StreamReactor(Control& control, OpenCalls& calls)
    : calls_(calls), stream_(control, *this) {
  stream_.start();
  calls_.enter(stream_);
}

void StreamReactor::OnReadDone(bool ok) {
  if (!ok) {
    stream_.on_read(false);
  } else if (const Status status = read(raw_request_, *request_); status.ok()) {
    stream_.on_read(true);
  } else {
    stream_.on_refused(status);
  }
}

void StreamReactor::OnDone() {
  const std::unique_ptr<StreamReactor> self(this);
  calls_.leave(stream_);
}

void StreamReactor::start_read(v1::BroadcastRequest& into) {
  request_ = &into;
  StartRead(&raw_request_);
}

// A hinted answer stays in gRPC's buffer until the next one that is not hinted.
void StreamReactor::start_write(const v1::BroadcastResponse& answer, bool more) {
  grpc::WriteOptions options;
  if (more) options.set_buffer_hint();
  write(answer, raw_answer_);
  StartWrite(&raw_answer_, options);
}

void StreamReactor::finish(const Status& status) {
  Finish(to_grpc(status));
}

}  // namespace crier::services::control
