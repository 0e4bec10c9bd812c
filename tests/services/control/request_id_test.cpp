#include <gtest/gtest.h>

#include <string>

#include "tests/services/control/control_fixture.hpp"

// What a request_id means to callers of Broadcast and Disconnect.
namespace crier::services::control {
namespace {

v1::BroadcastRequest named(const std::string& id, const std::string& payload = "x") {
  v1::BroadcastRequest request;
  request.set_payload(payload);
  request.set_request_id(id);
  return request;
}

v1::DisconnectRequest named_disconnect(const std::string& id) {
  v1::DisconnectRequest request;
  request.set_all(true);
  request.set_request_id(id);
  return request;
}

TEST(RequestId, ARetryGetsTheEarlierAnswerAndSendsNothing) {
  ControlFixture f;
  const auto client = f.fake.add();
  auto request = named("a");
  request.mutable_only()->add_client_ids(dataplane::to_string(client));
  request.mutable_only()->add_client_ids("nobody");
  const auto first = f.broadcast(request);
  EXPECT_EQ(first.response.matched(), 1);
  EXPECT_EQ(first.response.unknown_client_ids(0), "nobody");
  f.fake.remove(client);
  const auto retry = f.broadcast(request);
  EXPECT_TRUE(retry.status->ok());
  EXPECT_EQ(retry.response.SerializeAsString(), first.response.SerializeAsString());
  EXPECT_EQ(f.fake.sent_count(), 1U);
}

TEST(RequestId, ARetryOfARequestInFlightSharesItsAnswer) {
  ControlFixture f;
  f.fake.add();
  Answer<v1::BroadcastResponse> first;
  Answer<v1::BroadcastResponse> retry;
  f.call(&Control::broadcast, named("a"), first);
  f.call(&Control::broadcast, named("a"), retry);
  EXPECT_EQ(retry.reason(), "NOT_ANSWERED");
  EXPECT_TRUE(f.fake.answer_one());
  EXPECT_FALSE(f.fake.answer_one());
  EXPECT_TRUE(first.status->ok());
  EXPECT_TRUE(retry.status->ok());
  EXPECT_EQ(retry.response.matched(), 1);
}

TEST(RequestId, IsRefusedForAnyOtherRequest) {
  ControlFixture f;
  const auto request = named("a");
  EXPECT_TRUE(f.broadcast(request).status->ok());
  auto payload = request;
  payload.set_payload("y");
  auto only = request;
  only.mutable_only();
  auto except = request;
  except.mutable_except();
  auto listener = request;
  listener.set_listener("first");
  auto overflow = request;
  overflow.set_overflow(v1::OVERFLOW_POLICY_DROP_OLDEST);
  for (const auto& other : {payload, only, except, listener, overflow}) {
    const auto answer = f.broadcast(other);
    EXPECT_EQ(answer.status->code, Code::kInvalidArgument);
    EXPECT_EQ(answer.reason(), "REQUEST_ID_REUSED");
  }
  EXPECT_EQ(f.fake.sent_count(), 1U);
}

TEST(RequestId, DoesNotKeepErrors) {
  ControlFixture f;
  f.fake.refuse_next(dataplane::Submit::kOverloaded);
  EXPECT_EQ(f.broadcast(named("a")).reason(), "OVERLOADED");
  f.fake.refuse_next(dataplane::Submit::kUnencodable);
  EXPECT_EQ(f.broadcast(named("a", "y")).reason(), "PAYLOAD_UNENCODABLE");
  EXPECT_TRUE(f.broadcast(named("a", "z")).status->ok());
}

TEST(RequestId, CannotBeUsedWithValidateOnly) {
  ControlFixture f;
  auto request = named("a");
  request.set_validate_only(true);
  EXPECT_EQ(f.broadcast(request).reason(), "REQUEST_ID_WITH_VALIDATE_ONLY");
  auto disconnect = named_disconnect("a");
  disconnect.set_validate_only(true);
  EXPECT_EQ(f.ask(&Control::disconnect, disconnect).reason(), "REQUEST_ID_WITH_VALIDATE_ONLY");
}

TEST(RequestId, IsRefusedWhenNothingCanBeForgotten) {
  ControlFixture f(1000);
  Answer<v1::BroadcastResponse> first;
  f.call(&Control::broadcast, named("a"), first);
  const auto second = f.broadcast(named(std::string(128, 'b')));
  EXPECT_EQ(second.status->code, Code::kResourceExhausted);
  EXPECT_EQ(second.reason(), "REQUEST_IDS_FULL");
  EXPECT_TRUE(second.status->retry_after.has_value());
}

TEST(RequestId, GivesAnAnswerAlsoOnceDrained) {
  ControlFixture f;
  EXPECT_TRUE(f.broadcast(named("a")).status->ok());
  f.control.set_drained();
  EXPECT_TRUE(f.broadcast(named("a")).status->ok());
  EXPECT_EQ(f.broadcast(named("b")).reason(), "DRAINED");
  EXPECT_EQ(f.broadcast(named("b")).reason(), "DRAINED");
}

TEST(RequestId, DisconnectsOnce) {
  ControlFixture f;
  f.fake.add();
  EXPECT_TRUE(f.broadcast(named("a")).status->ok());
  const auto first = f.ask(&Control::disconnect, named_disconnect("a"));
  const auto retry = f.ask(&Control::disconnect, named_disconnect("a"));
  EXPECT_EQ(first.response.disconnected(), 1);
  EXPECT_EQ(retry.response.disconnected(), 1);
  EXPECT_EQ(f.fake.disconnects().size(), 1U);
  auto other = named_disconnect("a");
  other.set_flush(true);
  EXPECT_EQ(f.ask(&Control::disconnect, other).reason(), "REQUEST_ID_REUSED");
}

}  // namespace
}  // namespace crier::services::control
