#include <google/protobuf/descriptor.h>
#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/services/control/server_fixture.hpp"

// Who may call what, over a real connection.
namespace crier::services::control {
namespace {

const std::string kReader = "Bearer reader-0123456789";
const std::string kPublisher = "Bearer publisher-0123456789";
const std::string kAdmin = "Bearer admin-0123456789";

std::shared_ptr<const Roles> roles(std::string_view text) {
  return std::make_shared<const Roles>(std::get<Roles>(Roles::parse(text)));
}

void guard(Server& server) {
  server.set_roles(
      roles("read token dash reader-0123456789\n"
            "publish token feed publisher-0123456789\n"
            "admin token ops admin-0123456789\n"));
}

struct Guarded {
  // The least role of each method, and one that is too low; said here once more, so that a change
  // of the code alone is noticed.
  struct Needed {
    std::string enough;
    std::string too_low;  // empty: every role is enough
    std::string role;
  };
  const std::map<std::string, Needed> needed{
      {"ListClients", {kReader, "", "read"}},
      {"GetClient", {kReader, "", "read"}},
      {"ListNodes", {kReader, "", "read"}},
      {"Broadcast", {kPublisher, kReader, "publish"}},
      {"BroadcastStream", {kPublisher, kReader, "publish"}},
      {"Disconnect", {kAdmin, kPublisher, "admin"}},
  };

  // Calls any method with an empty request, which each of them reads.
  grpc::Status call(const std::string& method, const Headers& headers) {
    return fixture.try_raw("/crier.v1.Control/" + method, "", headers);
  }
  [[nodiscard]] std::uint64_t denied(Denial reason) const {
    return fixture.logic.control.stats().snapshot().denied[static_cast<std::size_t>(reason)];
  }

  mutable ServerFixture fixture{4, guard};
};

// A call of which only the end matters.
class StreamOfOne final : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  void OnDone(const grpc::Status& status) override { ended_.set_value(status); }
  grpc::Status ended() { return ended_.get_future().get(); }

 private:
  std::promise<grpc::Status> ended_;
};

std::vector<std::string> all_methods() {
  const auto* service = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(
      v1::Control::service_full_name());
  std::vector<std::string> names;
  for (int i = 0; i < service->method_count(); ++i) names.push_back(service->method(i)->name());
  return names;
}

void expect_error(const grpc::Status& status, grpc::StatusCode code, const std::string& reason,
                  const std::string& method) {
  EXPECT_EQ(status.error_code(), code) << method;
  const auto info = error_info(status);
  ASSERT_TRUE(info) << method;
  EXPECT_EQ(info->reason(), reason);
  EXPECT_EQ(info->domain(), "crier");
  EXPECT_EQ(info->metadata().at("method"), method);
  EXPECT_LT(status.error_message().size(), 200U);
  EXPECT_EQ(status.error_message().find("0123"), std::string::npos) << "a token";
}

TEST(ControlAccess, EveryMethodIsClosedToWhoIsNobody) {
  Guarded g;
  ASSERT_GE(all_methods().size(), 6U);
  std::uint64_t calls = 0;
  for (const std::string& method : all_methods()) {
    for (const Headers& headers :
         {Headers{}, Headers{{"authorization", "Bearer nobody-0123456789"}},
          Headers{{"authorization", "Basic reader-0123456789"}},
          Headers{{"authorization", kAdmin}, {"authorization", kAdmin}}}) {
      expect_error(g.call(method, headers), grpc::StatusCode::UNAUTHENTICATED, "UNAUTHENTICATED",
                   method);
      ++calls;
    }
  }
  EXPECT_EQ(g.denied(Denial::kUnauthenticated), calls);
  EXPECT_EQ(g.fixture.logic.fake.sent_count(), 0U);
}

TEST(ControlAccess, EveryMethodIsClosedToARoleThatIsTooLow) {
  Guarded g;
  std::uint64_t calls = 0;
  for (const std::string& method : all_methods()) {
    ASSERT_TRUE(g.needed.count(method)) << "say which role " << method << " needs";
    const Guarded::Needed& needed = g.needed.at(method);
    if (needed.too_low.empty()) continue;
    const grpc::Status status = g.call(method, {{"authorization", needed.too_low}});
    expect_error(status, grpc::StatusCode::PERMISSION_DENIED, "PERMISSION_DENIED", method);
    EXPECT_EQ(error_info(status)->metadata().at("role"), needed.role);
    ++calls;
  }
  EXPECT_EQ(g.denied(Denial::kPermissionDenied), calls);
  EXPECT_EQ(g.fixture.logic.fake.sent_count(), 0U);
}

TEST(ControlAccess, EveryMethodIsOpenToItsRole) {
  Guarded g;
  for (const std::string& method : all_methods()) {
    for (const std::string& token : {g.needed.at(method).enough, kAdmin}) {
      const grpc::Status status = g.call(method, {{"authorization", token}});
      // An empty request names no client, which is an answer of the method itself.
      const bool answered = status.ok() || status.error_code() == grpc::StatusCode::NOT_FOUND ||
                            status.error_code() == grpc::StatusCode::INVALID_ARGUMENT;
      EXPECT_TRUE(answered) << method << ": " << status.error_message();
    }
  }
  EXPECT_EQ(g.fixture.logic.fake.sent_count(), 4U);
  EXPECT_EQ(g.denied(Denial::kUnauthenticated) + g.denied(Denial::kPermissionDenied), 0U);
}

// Begun and never sent: whoever waited for the request would wait for ever.
TEST(ControlAccess, NothingOfARequestIsReadBeforeItsCallerIsKnown) {
  Guarded g;
  grpc::GenericStub generic(g.fixture.channel);
  for (const std::string& method : all_methods()) {
    Context context;
    StreamOfOne stream;
    generic.PrepareBidiStreamingCall(&context, "/crier.v1.Control/" + method, {}, &stream);
    stream.StartCall();
    EXPECT_EQ(stream.ended().error_code(), grpc::StatusCode::UNAUTHENTICATED) << method;
  }
  EXPECT_EQ(g.denied(Denial::kUnauthenticated), all_methods().size());
}

TEST(ControlAccess, ACallerThatIsLetInAndSendsNoRequestIsToldSo) {
  Guarded g;
  grpc::GenericStub generic(g.fixture.channel);
  Context context;
  context.AddMetadata("authorization", kAdmin);
  StreamOfOne stream;
  generic.PrepareBidiStreamingCall(&context, "/crier.v1.Control/ListClients", {}, &stream);
  stream.StartWritesDone();
  stream.StartCall();
  const grpc::Status status = stream.ended();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  ASSERT_TRUE(error_info(status));
  EXPECT_EQ(error_info(status)->reason(), "NO_REQUEST");
}

TEST(ControlAccess, ARequestThatDoesNotComeHoldsUpNoEnd) {
  Guarded g;
  grpc::GenericStub generic(g.fixture.channel);
  Context context;
  context.AddMetadata("authorization", kAdmin);
  StreamOfOne stream;
  generic.PrepareBidiStreamingCall(&context, "/crier.v1.Control/ListClients", {}, &stream);
  stream.StartCall();
  const auto in_flight = [&] {
    return g.fixture.logic.control.stats()
        .snapshot()
        .methods[static_cast<std::size_t>(Method::kListClients)]
        .in_flight;
  };
  while (in_flight() == 0) std::this_thread::yield();
  g.fixture.server.stop(std::chrono::hours(1));
  EXPECT_FALSE(stream.ended().ok());
}

TEST(ControlAccess, DeniedCallsAreFinishedOnes) {
  Guarded g;
  for (const std::string& method : all_methods()) {
    EXPECT_EQ(g.call(method, {}).error_code(), grpc::StatusCode::UNAUTHENTICATED);
  }
  const RpcSnapshot snapshot = g.fixture.logic.control.stats().snapshot();
  for (const auto& calls : snapshot.methods) {
    EXPECT_EQ(calls.finished[static_cast<std::size_t>(Code::kUnauthenticated)], 1U);
    EXPECT_EQ(calls.in_flight, 0U);
  }
  g.fixture.server.stop(std::chrono::hours(1));  // returns once no call is left
}

TEST(ControlAccess, NewRolesHoldForTheNextCallAndAnOpenStreamGoesOn) {
  Guarded g;
  Context context;
  context.AddMetadata("authorization", kPublisher);
  const auto stream = g.fixture.stub->BroadcastStream(&context);
  v1::BroadcastResponse response;
  ASSERT_TRUE(stream->Write({}));
  ASSERT_TRUE(stream->Read(&response));
  g.fixture.server.set_roles(roles("admin token new new-0123456789abcdef\n"));
  EXPECT_EQ(g.call("Broadcast", {{"authorization", kPublisher}}).error_code(),
            grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_TRUE(g.call("Broadcast", {{"authorization", "Bearer new-0123456789abcdef"}}).ok());
  ASSERT_TRUE(stream->Write({}));
  ASSERT_TRUE(stream->Read(&response));
  ASSERT_TRUE(stream->WritesDone());
  EXPECT_TRUE(stream->Finish().ok());
}

TEST(ControlAccess, HealthIsOpenAndReflectionIsNotThere) {
  Guarded g;
  EXPECT_EQ(g.fixture.call_raw("/grpc.health.v1.Health/Check", ""), "\x08\x01");
  const grpc::Status reflection =
      g.fixture.try_raw("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
                        std::string("\x3a\x01*"), {{"authorization", kAdmin}});
  EXPECT_EQ(reflection.error_code(), grpc::StatusCode::UNIMPLEMENTED);
}

TEST(ControlAccess, WithoutRolesEverybodyMayCallEverything) {
  ServerFixture open;
  for (const std::string& method : all_methods()) {
    const grpc::Status status =
        open.try_raw("/crier.v1.Control/" + method, "", {{"authorization", "Bearer whatever"}});
    EXPECT_NE(status.error_code(), grpc::StatusCode::UNAUTHENTICATED) << method;
    EXPECT_NE(status.error_code(), grpc::StatusCode::PERMISSION_DENIED) << method;
  }
}

}  // namespace
}  // namespace crier::services::control
