#pragma once

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <functional>
#include <memory>
#include <utility>

#include "services/control/grpc_status.hpp"
#include "services/control/open_calls.hpp"
#include "services/control/raw_message.hpp"
#include "services/control/rpc_stats.hpp"
#include "services/control/status.hpp"

namespace crier::services::control {

// One unary call, counted once. It begins before its request is read, so that one that is not let
// in ends with nothing read. A call that its caller cancelled is carried out and answered like any
// other; gRPC drops the answer. Deletes itself when gRPC is done with it.
template <class Request, class Response>
class UnaryReactor final : public grpc::ServerReadReactor<grpc::ByteBuffer> {
 public:
  using CarryOut = std::function<void(const Request& request, Response& response)>;

  UnaryReactor(OpenCalls& calls, RpcStats& stats, Method method, grpc::ByteBuffer& raw_response)
      : calls_(calls),
        stats_(stats),
        method_(method),
        since_(RpcStats::Clock::now()),
        raw_response_(raw_response) {
    stats_.started(method_);
  }

  // Ends the call. Once, from any thread.
  void answer(const Status& status) {
    stats_.finished(method_, status.code, RpcStats::Clock::now() - since_);
    if (status.ok()) write(response_, raw_response_);
    Finish(to_grpc(status));
  }

  // The same with nothing read. Instead of read().
  void refuse(const Status& status) {
    (void)enter();
    answer(status);
  }

  // `carry_out` must lead to answer(); request and response live until then.
  void read(CarryOut carry_out) {
    carry_out_ = std::move(carry_out);
    StartRead(&raw_request_);
  }

  void OnReadDone(bool ok) override {
    if (!ok) {
      refuse(no_request());
    } else if (!enter()) {
      answer(shutting_down());
    } else if (const Status status = control::read(raw_request_, request_); !status.ok()) {
      answer(status);
    } else {
      carry_out_(request_, response_);
    }
  }

  void OnDone() override {
    const std::unique_ptr<UnaryReactor> self(this);
    if (entered_) calls_.leave();
  }

 private:
  // An ending server waits for calls from here on; one whose request is still on its way it cuts.
  bool enter() {
    entered_ = true;
    return calls_.enter();
  }

  OpenCalls& calls_;
  RpcStats& stats_;
  const Method method_;
  const RpcStats::Clock::time_point since_;
  grpc::ByteBuffer raw_request_;
  grpc::ByteBuffer& raw_response_;
  Request request_;
  Response response_;
  CarryOut carry_out_;
  bool entered_ = false;
};

}  // namespace crier::services::control
