#include <grpcpp/grpcpp.h>

#include <cstdio>
#include <cstdlib>
#include <thread>

#include "bench/macro/sink.hpp"
#include "crier/v1/control.grpc.pb.h"

namespace crier::bench {
namespace {

void require(const grpc::Status& status, const char* what) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s: %s\n", what, status.error_message().c_str());
  std::exit(1);
}

class CrierSink final : public Sink {
 public:
  explicit CrierSink(const std::string& address)
      : stub_(v1::Control::NewStub(
            grpc::CreateChannel(address, grpc::InsecureChannelCredentials()))) {}

  std::uint64_t clients() override {
    v1::BroadcastRequest request;
    request.set_payload("?");
    request.set_validate_only(true);
    v1::BroadcastResponse response;
    grpc::ClientContext context;
    context.set_wait_for_ready(true);
    require(stub_->Broadcast(&context, request, &response), "Broadcast");
    return static_cast<std::uint64_t>(response.matched());
  }

  void begin() override {
    answers_ = {};
    context_ = std::make_unique<grpc::ClientContext>();
    stream_ = stub_->BroadcastStream(context_.get());
    reader_ = std::thread([this] {
      v1::BroadcastResponse response;
      while (stream_->Read(&response)) {
        ++answers_.answers;
        answers_.matched += static_cast<std::uint64_t>(response.matched());
        answers_.queued += static_cast<std::uint64_t>(response.queued());
        for (const v1::Drop& drop : response.dropped()) {
          answers_.dropped += static_cast<std::uint64_t>(drop.count());
        }
      }
    });
  }

  void publish(const std::string& payload, bool more) override {
    request_.set_payload(payload);
    grpc::WriteOptions options;
    if (more) options.set_buffer_hint();
    // Where it fails, finish() says why.
    (void)stream_->Write(request_, options);
  }

  Answers finish() override {
    stream_->WritesDone();
    reader_.join();
    require(stream_->Finish(), "BroadcastStream");
    stream_.reset();
    return answers_;
  }

 private:
  std::unique_ptr<v1::Control::Stub> stub_;
  std::unique_ptr<grpc::ClientContext> context_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::BroadcastRequest, v1::BroadcastResponse>> stream_;
  std::thread reader_;
  v1::BroadcastRequest request_;
  Answers answers_;  // the reader's until it is joined
};

}  // namespace

std::unique_ptr<Sink> connect_crier(const std::string& address) {
  return std::make_unique<CrierSink>(address);
}

}  // namespace crier::bench
