#include "services/control/convert.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <vector>

#include "tests/services/control/control_fixture.hpp"

namespace crier::services::control {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Listeners listeners() {
  std::vector<dataplane::ListenerConfig> configs(2);
  configs[1].name = "second";
  configs[1].queue = {
      .max_frames = 3, .max_bytes = 4000, .overflow = dataplane::OverflowPolicy::kDropOldest};
  return Listeners(configs);
}

dataplane::ClientInfo full_info() {
  dataplane::ClientInfo info;
  info.id = {.incarnation = 1, .slot = 2, .shard = 3, .serial = 4};
  info.listener = 1;
  info.remote_address = "[2001:db8::1]:40000";
  info.state = dataplane::ClientState::kSlow;
  info.connect_time = dataplane::WallTime(milliseconds(1'500));
  info.last_send_time = dataplane::WallTime(seconds(9));
  info.received_frames = 10;
  info.received_bytes = 11;
  info.sent_frames = 12;
  info.sent_bytes = 13;
  info.queued_frames = 2;
  info.queued_bytes = 14;
  info.high_water_bytes = 15;
  info.oldest_age = milliseconds(2'250);
  info.dropped = {1, 0, 0, 0, 5};
  info.tcp = dataplane::TcpInfo{.rtt = std::chrono::microseconds(30),
                                .retransmits = 31,
                                .unacked_bytes = 32,
                                .unsent_bytes = 33,
                                .acked_bytes = 34};
  return info;
}

TEST(Convert, ShowsAClientInFull) {
  v1::Client client;
  to_proto(full_info(), listeners(), client);
  EXPECT_EQ(dataplane::parse_client_id(client.client_id()), full_info().id);
  EXPECT_EQ(client.listener(), "second");
  EXPECT_EQ(client.remote_address(), "[2001:db8::1]:40000");
  EXPECT_EQ(client.state(), v1::CLIENT_STATE_SLOW);
  EXPECT_EQ(client.connect_time().seconds(), 1);
  EXPECT_EQ(client.connect_time().nanos(), 500'000'000);
  EXPECT_FALSE(client.has_last_receive_time());
  EXPECT_EQ(client.last_send_time().seconds(), 9);
  EXPECT_EQ(client.received().frames(), 10);
  EXPECT_EQ(client.received().bytes(), 11);
  EXPECT_EQ(client.sent().frames(), 12);
  EXPECT_EQ(client.sent().bytes(), 13);
}

TEST(Convert, ShowsAClientsQueueDropsAndTcpState) {
  v1::Client client;
  to_proto(full_info(), listeners(), client);
  EXPECT_EQ(client.queue().frames(), 2);
  EXPECT_EQ(client.queue().bytes(), 14);
  EXPECT_EQ(client.queue().max_frames(), 3);
  EXPECT_EQ(client.queue().max_bytes(), 4000);
  EXPECT_EQ(client.queue().high_water_bytes(), 15);
  EXPECT_EQ(client.queue().oldest_age().seconds(), 2);
  EXPECT_EQ(client.queue().oldest_age().nanos(), 250'000'000);
  EXPECT_EQ(client.queue().overflow(), v1::OVERFLOW_POLICY_DROP_OLDEST);
  ASSERT_EQ(client.dropped_size(), 2);
  EXPECT_EQ(client.dropped(0).reason(), v1::DROP_REASON_QUEUE_FULL);
  EXPECT_EQ(client.dropped(0).count(), 1);
  EXPECT_EQ(client.dropped(1).reason(), v1::DROP_REASON_EVICTED);
  EXPECT_EQ(client.dropped(1).count(), 5);
  EXPECT_EQ(client.tcp().rtt().nanos(), 30'000);
  EXPECT_EQ(client.tcp().retransmits(), 31);
  EXPECT_EQ(client.tcp().unacked_bytes(), 32);
  EXPECT_EQ(client.tcp().unsent_bytes(), 33);
  EXPECT_EQ(client.tcp().acked_bytes(), 34);
}

TEST(Convert, LeavesOutWhatIsNotThere) {
  auto info = full_info();
  info.queued_frames = 0;
  info.tcp.reset();
  v1::Client client;
  to_proto(info, listeners(), client);
  EXPECT_FALSE(client.queue().has_oldest_age());
  EXPECT_FALSE(client.has_tcp());
}

TEST(Convert, CarriesEveryCountOfABroadcast) {
  const dataplane::BroadcastResult result{.matched = 20,
                                          .queued = 10,
                                          .dropped = {1, 2, 3, 4, 0},
                                          .evicted = 6,
                                          .unknown = {full_info().id}};
  v1::BroadcastResponse response;
  to_proto(result, response);
  EXPECT_EQ(response.matched(), 20);
  EXPECT_EQ(response.queued(), 10);
  EXPECT_EQ(response.evicted(), 6);
  ASSERT_EQ(response.dropped_size(), 4);
  std::int64_t dropped = 0;
  for (const auto& drop : response.dropped()) {
    EXPECT_EQ(drop.reason(), static_cast<v1::DropReason>(drop.count()));
    dropped += drop.count();
  }
  EXPECT_EQ(response.matched(), response.queued() + dropped);
  EXPECT_EQ(response.unknown_client_ids(0), dataplane::to_string(full_info().id));
}

TEST(GetClient, AnswersNotFoundForUnknownAndMalformedIds) {
  ControlFixture f;
  const auto id = f.fake.add();
  v1::GetClientRequest request;
  request.set_client_id(dataplane::to_string(id));
  EXPECT_EQ(f.ask(&Control::get_client, request).response.client_id(), request.client_id());
  f.fake.remove(id);
  EXPECT_EQ(f.ask(&Control::get_client, request).status->code, Code::kNotFound);
  request.set_client_id("nobody");
  EXPECT_EQ(f.ask(&Control::get_client, request).reason(), "UNKNOWN_CLIENT");
}

}  // namespace
}  // namespace crier::services::control
