#pragma once

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include "crier/v1/control.pb.h"
#include "services/control/broadcast_stream.hpp"
#include "services/control/open_calls.hpp"

namespace crier::services::control {

// Carries one BroadcastStream over gRPC. Deletes itself when gRPC is done with it.
class StreamReactor final : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>,
                            private StreamTransport {
 public:
  StreamReactor(Control& control, OpenCalls& calls);

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override { stream_.on_written(ok); }
  void OnCancel() override { stream_.on_cancel(); }
  void OnDone() override;

 private:
  void start_read(v1::BroadcastRequest& into) override;
  void start_write(const v1::BroadcastResponse& answer, bool more) override;
  void finish(const Status& status) override;

  OpenCalls& calls_;
  // One read and one write at a time.
  grpc::ByteBuffer raw_request_;
  v1::BroadcastRequest* request_ = nullptr;
  grpc::ByteBuffer raw_answer_;
  BroadcastStream stream_;
};

}  // namespace crier::services::control
