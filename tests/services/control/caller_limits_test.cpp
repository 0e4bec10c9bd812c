// What one connection to the control API may ask of gRPC itself.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/services/control/server_fixture.hpp"

namespace crier::services::control {
namespace {

grpc::Status list_with(v1::Control::Stub& stub, const std::string& header) {
  Context context;
  context.set_wait_for_ready(true);  // whoever was refused may have to connect anew
  context.AddMetadata("x-filler", header);
  v1::ListClientsResponse response;
  return stub.ListClients(&context, {}, &response);
}

// On a connection of its own.
std::unique_ptr<v1::Control::Stub> other_caller(const ServerFixture& f) {
  return v1::Control::NewStub(f.connect());
}

TEST(CallerLimits, HeadersBeyondTheBoundAreRefusedAndNobodyElseNotices) {
  ServerFixture f;
  const std::size_t bound = ServerOptions().metadata_bytes_max;
  const auto other = other_caller(f);
  EXPECT_TRUE(list_with(*other, "x").ok());
  EXPECT_TRUE(list_with(*f.stub, std::string(bound / 2, 'x')).ok());
  EXPECT_EQ(list_with(*f.stub, std::string(2 * bound, 'x')).error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_TRUE(list_with(*other, "x").ok());
  EXPECT_TRUE(list_with(*f.stub, "x").ok());
}

TEST(CallerLimits, CallsBeyondTheBoundOfOneConnectionWait) {
  ServerFixture f;
  struct Call {
    Context context;
    std::unique_ptr<grpc::ClientReaderWriter<v1::BroadcastRequest, v1::BroadcastResponse>> stream;
  };
  std::vector<std::unique_ptr<Call>> open;
  v1::BroadcastResponse response;
  for (int i = 0; i < ServerOptions().concurrent_streams_max; ++i) {
    auto call = std::make_unique<Call>();
    call->stream = f.stub->BroadcastStream(&call->context);
    // Answered, so it is open.
    ASSERT_TRUE(call->stream->Write(v1::BroadcastRequest()));
    ASSERT_TRUE(call->stream->Read(&response));
    open.push_back(std::move(call));
  }
  // One more has no place, while another connection has all of its own.
  grpc::ClientContext waiting;
  waiting.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(200));
  v1::ListNodesResponse nodes;
  EXPECT_EQ(f.stub->ListNodes(&waiting, {}, &nodes).error_code(),
            grpc::StatusCode::DEADLINE_EXCEEDED);
  const auto other = other_caller(f);
  {
    Context context;
    EXPECT_TRUE(other->ListNodes(&context, {}, &nodes).ok());
  }
  EXPECT_TRUE(open.back()->stream->WritesDone());
  EXPECT_TRUE(open.back()->stream->Finish().ok());
  Context context;
  EXPECT_TRUE(f.stub->ListNodes(&context, {}, &nodes).ok());
}

TEST(CallerLimits, ACompressedMessageIsRefusedByTheNameOfItsAlgorithm) {
  ServerFixture f;
  for (const auto& [algorithm, name] :
       {std::pair{GRPC_COMPRESS_GZIP, "gzip"}, std::pair{GRPC_COMPRESS_DEFLATE, "deflate"}}) {
    v1::BroadcastRequest request;
    request.set_payload(std::string(1U << 20U, '\0'));
    Context context;
    context.set_compression_algorithm(algorithm);
    v1::BroadcastResponse response;
    const grpc::Status status = f.stub->Broadcast(&context, request, &response);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::UNIMPLEMENTED);
    EXPECT_NE(status.error_message().find(name), std::string::npos) << status.error_message();
    Context of_stream;
    of_stream.set_compression_algorithm(algorithm);
    const auto stream = f.stub->BroadcastStream(&of_stream);
    stream->Write(request);
    EXPECT_FALSE(stream->Read(&response));
    EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::UNIMPLEMENTED);
  }
  EXPECT_EQ(f.logic.fake.sent_count(), 0U);
  Context plain;
  v1::ListNodesResponse nodes;
  EXPECT_TRUE(f.stub->ListNodes(&plain, {}, &nodes).ok());
}

}  // namespace
}  // namespace crier::services::control
