#include <gtest/gtest.h>

#include <string>

#include "tests/services/control/control_fixture.hpp"

namespace crier::services::control {
namespace {

v1::BroadcastRequest payload(const std::string& text) {
  v1::BroadcastRequest request;
  request.set_payload(text);
  return request;
}

TEST(Broadcast, ReachesEveryClientWhenNobodyIsNamed) {
  ControlFixture f;
  f.fake.add(0);
  f.fake.add(1);
  const auto answer = f.broadcast(payload("hello"));
  EXPECT_TRUE(answer.status->ok());
  EXPECT_EQ(answer.response.matched(), 2);
  EXPECT_EQ(answer.response.queued(), 2);
  ASSERT_EQ(f.fake.sent_count(), 1U);
  EXPECT_EQ(f.fake.sent()[0].payload, "hello");
  EXPECT_FALSE(f.fake.sent()[0].overflow.has_value());
}

TEST(Broadcast, PresentAndEmptyOnlyMeansNobody) {
  ControlFixture f;
  f.fake.add(0);
  auto request = payload("x");
  request.mutable_only();
  EXPECT_EQ(f.broadcast(request).response.matched(), 0);
}

TEST(Broadcast, KeepsToTheListenerNamed) {
  ControlFixture f;
  f.fake.add(0);
  f.fake.add(1);
  f.fake.add(1);
  auto request = payload("x");
  request.set_listener("second");
  EXPECT_EQ(f.broadcast(request).response.matched(), 2);
}

TEST(Broadcast, PassesTheOverflowPolicyOn) {
  ControlFixture f;
  auto request = payload("x");
  request.set_overflow(v1::OVERFLOW_POLICY_DISCONNECT);
  EXPECT_TRUE(f.broadcast(request).status->ok());
  EXPECT_EQ(f.fake.sent()[0].overflow, dataplane::OverflowPolicy::kDisconnect);
}

TEST(Broadcast, TakesAPayloadOfExactlyTheLimit) {
  ControlFixture f;
  EXPECT_TRUE(
      f.broadcast(payload(std::string(ControlFixture::kPayloadBytesMax, 'x'))).status->ok());
}

TEST(Broadcast, RefusesAPayloadOverTheLimit) {
  ControlFixture f;
  const auto answer = f.broadcast(payload(std::string(ControlFixture::kPayloadBytesMax + 1, 'x')));
  EXPECT_EQ(answer.status->code, Code::kInvalidArgument);
  EXPECT_EQ(answer.reason(), "PAYLOAD_TOO_LARGE");
  EXPECT_EQ(f.fake.sent_count(), 0U);
}

TEST(Broadcast, RefusesAnUnknownListener) {
  ControlFixture f;
  auto request = payload("x");
  request.set_listener("third");
  const auto answer = f.broadcast(request);
  EXPECT_EQ(answer.status->code, Code::kNotFound);
  EXPECT_EQ(answer.reason(), "UNKNOWN_LISTENER");
}

TEST(Broadcast, RefusesAnOverflowNumberThatIsNoPolicy) {
  ControlFixture f;
  auto request = payload("x");
  request.set_overflow(static_cast<v1::OverflowPolicy>(99));
  EXPECT_EQ(f.broadcast(request).reason(), "INVALID_OVERFLOW");
}

TEST(Broadcast, RefusesMoreIdsThanTheLimit) {
  ControlFixture f;
  auto request = payload("x");
  for (int i = 0; i < 100'000; ++i) request.mutable_only()->add_client_ids("x");
  EXPECT_TRUE(f.broadcast(request).status->ok());
  request.mutable_except()->add_client_ids("x");
  EXPECT_EQ(f.broadcast(request).reason(), "TOO_MANY_CLIENT_IDS");
}

TEST(Broadcast, RefusesMoreTextOfIdsThanTheLimit) {
  ControlFixture f;
  auto request = payload("x");
  request.mutable_only()->add_client_ids(std::string(8U << 20U, 'x'));
  EXPECT_TRUE(f.broadcast(request).status->ok());
  request.mutable_only()->add_client_ids("x");
  EXPECT_EQ(f.broadcast(request).reason(), "TOO_MANY_CLIENT_IDS");
}

TEST(Broadcast, AnswersWhatTheDataPlaneRefused) {
  ControlFixture f;
  f.fake.refuse_next(dataplane::Submit::kUnencodable);
  f.fake.refuse_next(dataplane::Submit::kOverloaded);
  f.fake.refuse_next(dataplane::Submit::kMemoryFull);
  f.fake.refuse_next(dataplane::Submit::kStopped);
  f.fake.refuse_next(dataplane::Submit::kTooLarge);
  const auto unencodable = f.broadcast(payload("x"));
  EXPECT_EQ(unencodable.status->code, Code::kInvalidArgument);
  EXPECT_EQ(unencodable.reason(), "PAYLOAD_UNENCODABLE");
  const auto overload = f.broadcast(payload("x"));
  EXPECT_EQ(overload.status->code, Code::kResourceExhausted);
  EXPECT_EQ(overload.reason(), "OVERLOADED");
  EXPECT_TRUE(overload.status->retry_after.has_value());
  const auto memory = f.broadcast(payload("x"));
  EXPECT_EQ(memory.status->code, Code::kResourceExhausted);
  EXPECT_EQ(memory.reason(), "QUEUE_MEMORY_FULL");
  EXPECT_TRUE(memory.status->retry_after.has_value());
  EXPECT_EQ(f.broadcast(payload("x")).status->code, Code::kUnavailable);
  EXPECT_EQ(f.broadcast(payload("x")).status->code, Code::kInvalidArgument);
}

TEST(Broadcast, CountsWithoutSendingWhereOnlyValidated) {
  ControlFixture f;
  f.fake.add(0);
  auto request = payload("x");
  request.set_validate_only(true);
  EXPECT_EQ(f.broadcast(request).response.matched(), 1);
  EXPECT_TRUE(f.fake.sent()[0].validate_only);
}

TEST(Broadcast, IsUnavailableOnlyOnceDrained) {
  ControlFixture f;
  EXPECT_TRUE(f.broadcast(payload("x")).status->ok());
  f.control.set_drained();
  const auto answer = f.broadcast(payload("x"));
  EXPECT_EQ(answer.status->code, Code::kUnavailable);
  EXPECT_EQ(answer.reason(), "DRAINED");
  EXPECT_EQ(f.fake.sent_count(), 1U);
}

}  // namespace
}  // namespace crier::services::control
