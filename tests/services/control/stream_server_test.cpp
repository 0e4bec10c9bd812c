#include <gtest/gtest.h>

#include <string>
#include <thread>

#include "tests/services/control/server_fixture.hpp"
#include "tests/support/deadline.hpp"

// BroadcastStream over a real connection.
namespace crier::services::control {
namespace {

v1::BroadcastRequest named(int number) {
  v1::BroadcastRequest request;
  request.set_payload(std::to_string(number));
  request.mutable_only()->add_client_ids("nobody" + std::to_string(number));
  return request;
}

TEST(StreamServer, AnswersThousandsOfRequestsInOrder) {
  constexpr int kRequests = 5'000;
  ServerFixture f(64);
  Context context;
  const auto stream = f.stub->BroadcastStream(&context);
  std::thread writer([&stream] {
    for (int i = 0; i < kRequests; ++i) {
      EXPECT_TRUE(stream->Write(named(i), grpc::WriteOptions().set_buffer_hint()));
    }
    EXPECT_TRUE(stream->WritesDone());
  });
  v1::BroadcastResponse response;
  int answered = 0;
  while (stream->Read(&response)) {
    ASSERT_EQ(response.unknown_client_ids(0), "nobody" + std::to_string(answered));
    ++answered;
  }
  writer.join();
  EXPECT_EQ(answered, kRequests);
  EXPECT_TRUE(stream->Finish().ok());
  const auto sent = f.logic.fake.sent();
  ASSERT_EQ(sent.size(), static_cast<std::size_t>(kRequests));
  for (int i = 0; i < kRequests; ++i) {
    ASSERT_EQ(sent[static_cast<std::size_t>(i)].payload, std::to_string(i));
  }
}

TEST(StreamServer, WritesAFirstAnswerThatHasAnotherReadyBehindIt) {
  ServerFixture f;
  v1::BroadcastRequest repeated = named(1);
  repeated.set_request_id("once");
  v1::BroadcastResponse response;
  {
    Context context;
    ASSERT_TRUE(f.stub->Broadcast(&context, repeated, &response).ok());
  }
  f.logic.fake.hold_answers();
  Context context;
  const auto stream = f.stub->BroadcastStream(&context);
  ASSERT_TRUE(stream->Write(named(0)));
  ASSERT_TRUE(stream->Write(repeated));  // answered at once, before the one in front of it
  EXPECT_TRUE(crier::testing::await([&f] {
    const auto snapshot = f.logic.control.stats().snapshot();
    const auto& streams = snapshot.methods[static_cast<std::size_t>(Method::kBroadcastStream)];
    return streams.finished[static_cast<std::size_t>(Code::kOk)] == 1;
  }));
  f.logic.fake.release_answers();
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(stream->Read(&response));
    EXPECT_EQ(response.unknown_client_ids(0), "nobody" + std::to_string(i));
  }
  ASSERT_TRUE(stream->WritesDone());
  EXPECT_TRUE(stream->Finish().ok());
}

TEST(StreamServer, SurvivesOverload) {
  ServerFixture f;
  f.logic.fake.refuse_next(dataplane::Submit::kOverloaded, 3);
  Context context;
  const auto stream = f.stub->BroadcastStream(&context);
  v1::BroadcastResponse response;
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(stream->Write(named(i)));
    ASSERT_TRUE(stream->Read(&response));
  }
  ASSERT_TRUE(stream->WritesDone());
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_EQ(f.logic.fake.sent_count(), 3U);
}

TEST(StreamServer, NamesTheInvalidRequestByItsIndexAfterEarlierAnswers) {
  ServerFixture f;
  Context context;
  const auto stream = f.stub->BroadcastStream(&context);
  ASSERT_TRUE(stream->Write(named(0)));
  ASSERT_TRUE(stream->Write(named(1)));
  auto invalid = named(2);
  invalid.set_listener("third");
  ASSERT_TRUE(stream->Write(invalid));
  v1::BroadcastResponse response;
  EXPECT_TRUE(stream->Read(&response));
  EXPECT_TRUE(stream->Read(&response));
  EXPECT_FALSE(stream->Read(&response));
  const grpc::Status status = stream->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(status.error_message().rfind("request 2: ", 0), 0U);
  ASSERT_TRUE(error_info(status));
  EXPECT_EQ(error_info(status)->reason(), "UNKNOWN_LISTENER");
  EXPECT_EQ(error_info(status)->metadata().at("index"), "2");
}

TEST(StreamServer, OutlivesCallersThatVanishAtAnyMoment) {
  ServerFixture f;
  for (int round = 0; round < 60; ++round) {
    Context context;
    const auto stream = f.stub->BroadcastStream(&context);
    if (round % 2 == 1) f.logic.fake.refuse_next(dataplane::Submit::kOverloaded);
    v1::BroadcastResponse response;
    for (int i = 0; i < round % 7; ++i) {
      if (!stream->Write(named(i))) break;
    }
    if (round % 3 == 1 && round % 7 > 0) {
      EXPECT_TRUE(stream->Read(&response));
    }
    context.TryCancel();
    while (stream->Read(&response)) {
    }
    EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
  }
  f.server.stop(kPatience);
  const auto snapshot = f.logic.control.stats().snapshot();
  EXPECT_EQ(snapshot.methods[static_cast<std::size_t>(Method::kBroadcastStream)].in_flight, 0U);
}

}  // namespace
}  // namespace crier::services::control
