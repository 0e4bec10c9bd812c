#include <gtest/gtest.h>

#include <string>

#include "tests/services/control/control_fixture.hpp"

namespace crier::services::control {
namespace {

TEST(Disconnect, NeedsExactlyOneOfOnlyAndAll) {
  ControlFixture f;
  v1::DisconnectRequest request;
  EXPECT_EQ(f.ask(&Control::disconnect, request).reason(), "CONTRADICTORY_TARGET");
  request.set_all(true);
  request.mutable_only();
  const auto both = f.ask(&Control::disconnect, request);
  EXPECT_EQ(both.status->code, Code::kInvalidArgument);
  EXPECT_EQ(both.reason(), "CONTRADICTORY_TARGET");
  EXPECT_TRUE(f.fake.disconnects().empty());
}

TEST(Disconnect, PresentAndEmptyOnlyMeansNobody) {
  ControlFixture f;
  f.fake.add();
  v1::DisconnectRequest request;
  request.mutable_only();
  const auto answer = f.ask(&Control::disconnect, request);
  EXPECT_TRUE(answer.status->ok());
  EXPECT_EQ(answer.response.matched(), 0);
}

TEST(Disconnect, PassesEverythingOn) {
  ControlFixture f;
  v1::DisconnectRequest request;
  request.set_all(true);
  request.set_listener("second");
  request.set_flush(true);
  request.set_reason("maintenance");
  request.set_validate_only(true);
  EXPECT_TRUE(f.ask(&Control::disconnect, request).status->ok());
  const auto sent = f.fake.disconnects().at(0);
  EXPECT_FALSE(sent.only.has_value());
  EXPECT_EQ(sent.listener, 1);
  EXPECT_TRUE(sent.flush);
  EXPECT_TRUE(sent.validate_only);
  EXPECT_EQ(sent.reason, "maintenance");
}

TEST(Disconnect, ReportsUnknownAndMalformedIdsOnce) {
  ControlFixture f;
  const auto known = f.fake.add();
  const auto left = f.fake.add();
  f.fake.remove(left);
  v1::DisconnectRequest request;
  for (int i = 0; i < 2; ++i) {
    request.mutable_only()->add_client_ids(dataplane::to_string(known));
    request.mutable_only()->add_client_ids(dataplane::to_string(left));
    request.mutable_only()->add_client_ids("nobody");
  }
  const auto answer = f.ask(&Control::disconnect, request);
  EXPECT_EQ(answer.response.matched(), 1);
  EXPECT_EQ(answer.response.disconnected(), 1);
  ASSERT_EQ(answer.response.unknown_client_ids_size(), 2);
  EXPECT_EQ(answer.response.unknown_client_ids(0), "nobody");
  EXPECT_EQ(answer.response.unknown_client_ids(1), dataplane::to_string(left));
}

TEST(Disconnect, RefusesALongReasonAndAnUnknownListener) {
  ControlFixture f;
  v1::DisconnectRequest request;
  request.set_all(true);
  request.set_reason(std::string(256, 'x'));
  EXPECT_TRUE(f.ask(&Control::disconnect, request).status->ok());
  request.set_reason(std::string(257, 'x'));
  EXPECT_EQ(f.ask(&Control::disconnect, request).reason(), "INVALID_REASON");
  request.clear_reason();
  request.set_listener("third");
  EXPECT_EQ(f.ask(&Control::disconnect, request).status->code, Code::kNotFound);
}

}  // namespace
}  // namespace crier::services::control
