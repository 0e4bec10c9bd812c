#include <grpcpp/grpcpp.h>

#include <thread>
#include <unordered_set>

#include "bench/macro/sinks/sink.hpp"
#include "bench/macro/system.hpp"
#include "crier/v1/control.grpc.pb.h"

namespace crier::bench {
namespace {

constexpr int kPageSize = 1000;
constexpr int kWaitSeconds = 30;

void require(const grpc::Status& status, const std::string& what) {
  if (!status.ok()) fail(what + ": " + status.error_message());
}

class CrierSink final : public Sink {
 public:
  CrierSink(const std::string& address, bool waiting)
      : stub_(v1::Control::NewStub(grpc::CreateCustomChannel(
            address, grpc::InsecureChannelCredentials(), own_connection()))) {
    if (waiting) wait_for_nodes(request_);
  }

  std::optional<std::uint64_t> clients() override {
    v1::BroadcastRequest request;
    request.set_payload("?");
    request.set_validate_only(true);
    wait_for_nodes(request);
    v1::BroadcastResponse response;
    grpc::ClientContext context;
    context.set_wait_for_ready(true);
    require(stub_->Broadcast(&context, request, &response), "Broadcast");
    return static_cast<std::uint64_t>(response.matched());
  }

  // By the ids of the clients, as a caller finds them out.
  bool target(const std::vector<std::string>& addresses) override {
    request_.clear_only();
    if (addresses.empty()) return true;
    const std::unordered_set<std::string> members(addresses.begin(), addresses.end());
    v1::ListClientsRequest request;
    request.set_page_size(kPageSize);
    v1::ListClientsResponse page;
    do {
      grpc::ClientContext context;
      require(stub_->ListClients(&context, request, &page), "ListClients");
      for (const v1::Client& client : page.clients()) {
        if (members.contains(client.remote_address())) {
          request_.mutable_only()->add_client_ids(client.client_id());
        }
      }
      request.set_page_token(page.next_page_token());
    } while (!page.next_page_token().empty());
    return true;
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

  void publish(std::string_view payload, bool more) override {
    request_.set_payload(payload.data(), payload.size());
    grpc::WriteOptions options;
    if (more) options.set_buffer_hint();
    // Where it fails, finish() says why.
    stream_->Write(request_, options);
  }

  Answers finish() override {
    stream_->WritesDone();
    reader_.join();
    require(stream_->Finish(), "BroadcastStream");
    stream_.reset();
    return answers_;
  }

 private:
  static void wait_for_nodes(v1::BroadcastRequest& request) {
    request.set_wait_for_nodes(true);
    request.mutable_wait_timeout()->set_seconds(kWaitSeconds);
  }

  // Publishers of one process would share a connection otherwise.
  static grpc::ChannelArguments own_connection() {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return arguments;
  }

  std::unique_ptr<v1::Control::Stub> stub_;
  std::unique_ptr<grpc::ClientContext> context_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::BroadcastRequest, v1::BroadcastResponse>> stream_;
  std::thread reader_;
  v1::BroadcastRequest request_;
  Answers answers_;  // the reader's until it is joined
};

}  // namespace

std::unique_ptr<Sink> connect_crier(const std::string& address) {
  return std::make_unique<CrierSink>(address, false);
}

std::unique_ptr<Sink> connect_crier_waiting(const std::string& address) {
  return std::make_unique<CrierSink>(address, true);
}

}  // namespace crier::bench
