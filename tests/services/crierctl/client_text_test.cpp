#include "services/crierctl/client_text.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace crier::services::crierctl {
namespace {

constexpr std::int64_t kConnectSeconds = 1'700'000'000;  // 2023-11-14T22:13:20Z
const auto kNow = std::chrono::system_clock::from_time_t(kConnectSeconds + 182);

v1::Client quiet_client() {
  v1::Client client;
  client.set_client_id("abc");
  client.set_listener("default");
  client.set_remote_address("192.0.2.1:40000");
  client.set_state(v1::CLIENT_STATE_ACTIVE);
  client.mutable_connect_time()->set_seconds(kConnectSeconds);
  client.mutable_queue()->set_max_frames(1'024);
  client.mutable_queue()->set_max_bytes(2'097'152);
  client.mutable_queue()->set_overflow(v1::OVERFLOW_POLICY_DROP_NEWEST);
  return client;
}

v1::Client busy_client() {
  v1::Client client = quiet_client();
  client.set_state(v1::CLIENT_STATE_SLOW);
  client.mutable_last_receive_time()->set_seconds(kConnectSeconds + 2);
  client.mutable_last_send_time()->set_seconds(kConnectSeconds + 181);
  client.mutable_received()->set_frames(3);
  client.mutable_received()->set_bytes(18);
  client.mutable_sent()->set_frames(12'345);
  client.mutable_sent()->set_bytes(1'234'567);
  client.mutable_queue()->set_frames(700);
  client.mutable_queue()->set_bytes(70'000);
  client.mutable_queue()->set_high_water_bytes(80'000);
  client.mutable_queue()->mutable_oldest_age()->set_nanos(12'000'000);
  v1::Drop& drop = *client.add_dropped();
  drop.set_reason(v1::DROP_REASON_QUEUE_FULL);
  drop.set_count(2);
  client.mutable_tcp()->mutable_rtt()->set_nanos(150'000);
  client.mutable_tcp()->set_retransmits(1);
  client.mutable_tcp()->set_unacked_bytes(1'448);
  client.mutable_tcp()->set_unsent_bytes(4'096);
  client.mutable_tcp()->set_acked_bytes(1'230'000);
  return client;
}

TEST(ClientCells, ShowADashForZero) {
  const std::vector<std::string> cells = client_cells(quiet_client(), kNow);
  EXPECT_EQ(cells, (std::vector<std::string>{"abc", "default", "192.0.2.1:40000", "active", "3m02s",
                                             "-", "-", "-", "-"}));
  EXPECT_EQ(cells.size(), client_columns().size());
}

TEST(ClientCells, ShowFramesAndBytesInHumanUnits) {
  EXPECT_EQ(
      client_cells(busy_client(), kNow),
      (std::vector<std::string>{"abc", "default", "192.0.2.1:40000", "slow", "3m02s", "3 / 18 B",
                                "12.3k / 1.2 MiB", "700 / 68.4 KiB", "queue_full 2"}));
}

TEST(ClientText, SaysEverythingOfABusyClient) {
  EXPECT_EQ(client_text(busy_client(), kNow),
            "id             abc\n"
            "listener       default\n"
            "address        192.0.2.1:40000\n"
            "state          slow\n"
            "connected      2023-11-14T22:13:20Z (3m02s ago)\n"
            "last received  2023-11-14T22:13:22Z (3m00s ago)\n"
            "last sent      2023-11-14T22:16:21Z (1s ago)\n"
            "received       3 frames, 18 B\n"
            "sent           12,345 frames, 1.2 MiB\n"
            "queued         700 of 1,024 frames, 68.4 KiB of 2.0 MiB, the oldest for 12ms\n"
            "high water     78.1 KiB\n"
            "overflow       drop_newest\n"
            "dropped        queue_full 2\n"
            "tcp rtt        150us\n"
            "tcp unsent     4.0 KiB\n"
            "tcp unacked    1.4 KiB\n"
            "tcp acked      1.2 MiB\n"
            "tcp retransm.  1\n");
}

TEST(ClientText, SaysNeverAndNothingOfAQuietClient) {
  EXPECT_EQ(client_text(quiet_client(), kNow),
            "id             abc\n"
            "listener       default\n"
            "address        192.0.2.1:40000\n"
            "state          active\n"
            "connected      2023-11-14T22:13:20Z (3m02s ago)\n"
            "last received  never\n"
            "last sent      never\n"
            "received       0 frames, 0 B\n"
            "sent           0 frames, 0 B\n"
            "queued         0 of 1,024 frames, 0 B of 2.0 MiB\n"
            "high water     0 B\n"
            "overflow       drop_newest\n"
            "dropped        nothing\n");
}

}  // namespace
}  // namespace crier::services::crierctl
