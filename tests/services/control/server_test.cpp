#include "services/control/server.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tests/services/control/server_fixture.hpp"

namespace crier::services::control {
namespace {

TEST(Server, CarriesEveryUnaryCall) {
  ServerFixture f;
  const std::string id = dataplane::to_string(f.logic.fake.add());
  Context broadcast;
  v1::BroadcastRequest request;
  request.set_payload("hello");
  v1::BroadcastResponse response;
  ASSERT_TRUE(f.stub->Broadcast(&broadcast, request, &response).ok());
  EXPECT_EQ(response.matched(), 1);
  EXPECT_EQ(f.logic.fake.sent()[0].payload, "hello");
  Context list;
  v1::ListClientsResponse clients;
  ASSERT_TRUE(f.stub->ListClients(&list, {}, &clients).ok());
  ASSERT_EQ(clients.clients_size(), 1);
  EXPECT_EQ(clients.clients(0).client_id(), id);
  Context get;
  v1::GetClientRequest which;
  which.set_client_id(id);
  v1::Client client;
  ASSERT_TRUE(f.stub->GetClient(&get, which, &client).ok());
  EXPECT_EQ(client.listener(), "first");
  Context disconnect;
  v1::DisconnectRequest all;
  all.set_all(true);
  v1::DisconnectResponse gone;
  ASSERT_TRUE(f.stub->Disconnect(&disconnect, all, &gone).ok());
  EXPECT_EQ(gone.disconnected(), 1);
}

TEST(Server, PutsReasonDomainAndFieldIntoErrors) {
  ServerFixture f;
  Context context;
  v1::GetClientRequest request;
  request.set_client_id("nobody");
  v1::Client client;
  const grpc::Status status = f.stub->GetClient(&context, request, &client);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  const auto info = error_info(status);
  ASSERT_TRUE(info);
  EXPECT_EQ(info->reason(), "UNKNOWN_CLIENT");
  EXPECT_EQ(info->domain(), "crier");
  EXPECT_EQ(info->metadata().at("field"), "client_id");
  EXPECT_FALSE(retry_info(status));
}

TEST(Server, SaysWhenToRetryAnOverload) {
  ServerFixture f;
  f.logic.fake.refuse_next(dataplane::Submit::kOverloaded);
  Context context;
  v1::BroadcastResponse response;
  const grpc::Status status = f.stub->Broadcast(&context, {}, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  const auto retry = retry_info(status);
  ASSERT_TRUE(retry);
  EXPECT_EQ(retry->retry_delay().nanos(), 100'000'000);
}

TEST(Server, SaysWhenToRetryWhatFullQueuesRefused) {
  ServerFixture f;
  f.logic.fake.refuse_next(dataplane::Submit::kMemoryFull);
  Context context;
  v1::BroadcastResponse response;
  const grpc::Status status = f.stub->Broadcast(&context, {}, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  ASSERT_TRUE(error_info(status));
  EXPECT_EQ(error_info(status)->reason(), "QUEUE_MEMORY_FULL");
  EXPECT_TRUE(retry_info(status));
}

TEST(Server, AnswersAPayloadFarOverTheLimitItself) {
  ServerFixture f;
  for (const std::size_t bytes :
       {ControlFixture::kPayloadBytesMax + 1, std::uint64_t{1} << 20U, std::uint64_t{15} << 20U}) {
    Context context;
    v1::BroadcastRequest request;
    request.set_payload(std::string(bytes, 'x'));
    v1::BroadcastResponse response;
    const grpc::Status status = f.stub->Broadcast(&context, request, &response);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    ASSERT_TRUE(error_info(status));
    EXPECT_EQ(error_info(status)->reason(), "PAYLOAD_TOO_LARGE");
  }
}

TEST(Server, RefusesWhatIsNoRequest) {
  ServerFixture f;
  // No fields, one that is cut, and a listener that is no UTF-8.
  for (const auto& [method, raws] : std::map<std::string, std::vector<std::string>>{
           {"Broadcast", {"\xff\xff\xff", "\x22\x05x", "\x22\x01\xff"}},
           {"BroadcastStream", {"\xff\xff\xff", "\x22\x05x", "\x22\x01\xff"}},
           {"Disconnect", {"\xff\xff\xff", "\x1a\x05x", "\x1a\x01\xff"}}}) {
    for (const std::string& raw : raws) {
      const grpc::Status status = f.try_raw("/crier.v1.Control/" + method, raw, {});
      EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT) << method;
      ASSERT_TRUE(error_info(status)) << method;
      EXPECT_EQ(error_info(status)->reason(), "INVALID_REQUEST");
      EXPECT_EQ(error_info(status)->metadata().at("field"), "request");
    }
  }
  EXPECT_EQ(f.logic.fake.sent_count(), 0U);
}

TEST(Server, FitsErrorsIntoHeadersWhateverTheCallerWrote) {
  ServerFixture f;
  Context context;
  v1::BroadcastRequest request;
  request.set_listener(std::string(100'000, '\n'));
  v1::BroadcastResponse response;
  const grpc::Status status = f.stub->Broadcast(&context, request, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_LT(status.error_message().size(), 200U);
}

// Health and reflection messages, serialized: field 1 is the service's name, or its status.
std::string health(ServerFixture& f, const std::string& service) {
  const std::string request =
      service.empty() ? "" : std::string("\x0a") + static_cast<char>(service.size()) + service;
  const std::string response = f.call_raw("/grpc.health.v1.Health/Check", request);
  return response == std::string("\x08\x01")   ? "SERVING"
         : response == std::string("\x08\x02") ? "NOT_SERVING"
                                               : "UNKNOWN";
}

TEST(Server, StaysServingAsControlWhenItIsNotReadyAsANode) {
  ServerFixture f;
  EXPECT_EQ(health(f, ""), "SERVING");
  EXPECT_EQ(health(f, "crier.v1.Control"), "SERVING");
  f.server.set_not_ready();
  EXPECT_EQ(health(f, ""), "NOT_SERVING");
  EXPECT_EQ(health(f, "crier.v1.Control"), "SERVING");
}

TEST(Server, DescribesItselfByReflection) {
  ServerFixture f;
  const std::string services = f.call_raw(
      "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", std::string("\x3a\x01*"));
  EXPECT_NE(services.find("crier.v1.Control"), std::string::npos);
  EXPECT_NE(services.find("grpc.health.v1.Health"), std::string::npos);
}

std::string refusal(Control& control, const std::string& address) {
  Server server(control, {.address = address});
  try {
    server.start();
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

TEST(Server, RefusesAPortInUse) {
  ServerFixture f;
  EXPECT_EQ(refusal(f.logic.control, f.server.address()),
            "the control API cannot listen on " + f.server.address() + ": Address already in use");
}

TEST(Server, RefusesAnAddressThatIsNone) {
  ControlFixture f;
  EXPECT_NE(refusal(f.control, "localhost:0"), "");
  EXPECT_NE(refusal(f.control, "127.0.0.1"), "");
  EXPECT_NE(refusal(f.control, "127.0.0.1:65536"), "");
  EXPECT_NE(refusal(f.control, "127.0.0.1:5x"), "");
  EXPECT_NE(refusal(f.control, ":1"), "");
}

TEST(Server, FinishesCallsInFlightBeforeItStops) {
  ControlFixture logic;
  Server server(logic.control, {.address = "127.0.0.1:0"});
  server.start();
  const auto stub = v1::Control::NewStub(
      grpc::CreateChannel(server.address(), grpc::InsecureChannelCredentials()));
  Context context;
  v1::BroadcastRequest request;
  v1::BroadcastResponse response;
  grpc::Status status;
  std::thread caller([&] { status = stub->Broadcast(&context, request, &response); });
  while (logic.fake.sent_count() == 0) std::this_thread::yield();
  std::thread stopper([&] { server.stop(kPatience); });
  logic.fake.answer_from_thread();
  stopper.join();
  caller.join();
  EXPECT_TRUE(status.ok()) << status.error_message();
}

TEST(Server, EndsIdleStreamsWhenItStops) {
  ServerFixture f;
  Context context;
  const auto stream = f.stub->BroadcastStream(&context);
  v1::BroadcastResponse response;
  ASSERT_TRUE(stream->Write({}));
  ASSERT_TRUE(stream->Read(&response));
  f.server.stop(kPatience);
  EXPECT_FALSE(stream->Read(&response));
  const grpc::Status status = stream->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  ASSERT_TRUE(error_info(status));
  EXPECT_EQ(error_info(status)->reason(), "SHUTTING_DOWN");
}

}  // namespace
}  // namespace crier::services::control
