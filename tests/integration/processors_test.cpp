// Listeners with each processor, from the client's side.
#include <thread>

#include "tests/integration/dataplane_fixture.hpp"
#include "tests/integration/stall.hpp"
#include "tests/support/scale.hpp"

namespace crier::testing {
namespace {

using namespace dataplane;
using namespace std::string_literals;

using ProcessorsTest = DataplaneTest;

TEST_F(ProcessorsTest, EchoAnswersEveryFrameInOrder) {
  auto& plane = start(loopback_listener("default", "echo"));
  auto client = plane.connect();
  client->send("one\ntwo\r\n\nfour\n");
  EXPECT_EQ(client->read(14), "one\ntwo\n\nfour\n");
  client->finish();
  EXPECT_EQ(client->read_to_end(), "");
  plane.await_closed(CloseReason::kClientClosed);
}

TEST_F(ProcessorsTest, EchoTakesBytesOneAtATime) {
  auto& plane = start(loopback_listener("default", "echo"));
  auto client = plane.connect();
  std::uint64_t sent = 0;
  for (const char byte : "hello\nworld\n"s) {
    client->send({&byte, 1});
    ++sent;
    plane.await_stats([&](const Stats& stats) { return stats.shards.received_bytes == sent; });
  }
  EXPECT_EQ(client->read(12), "hello\nworld\n");
}

TEST_F(ProcessorsTest, DiscardTakesFramesAndAnswersNothing) {
  auto& plane = start(loopback_listener("default", "discard"));
  auto client = plane.connect();
  client->send("one\ntwo\nthree\n");
  client->finish();
  EXPECT_EQ(client->read_to_end(), "");
  plane.await_closed(CloseReason::kClientClosed);
  EXPECT_EQ(plane->stats().shards.received_frames, 3U);
}

TEST_F(ProcessorsTest, DoubleAnswersOneByteForTwo) {
  auto& plane = start(loopback_listener("default", "double", {FramingKind::kFixed, 4, 2}));
  auto client = plane.connect();
  client->send("\x00\x15\xFF\xFF\x01\x80"s);
  EXPECT_EQ(client->read(3), "\x2A\xFE\x00"s);
}

TEST_F(ProcessorsTest, RelayReachesAllOthersInOrder) {
  auto& plane = start(loopback_listener("default", "relay"));
  auto clients = plane.connect(0, 6);
  std::string sent;
  for (int i = 0; i < 500; ++i) sent += "frame " + std::to_string(i) + "\n";
  clients[0]->send(sent);
  for (std::size_t i = 1; i < clients.size(); ++i) {
    EXPECT_EQ(clients[i]->read(sent.size()), sent) << "client " << i;
  }
  clients[0]->finish();
  EXPECT_EQ(clients[0]->read_to_end(), "") << "the sender got its own frames";
}

TEST_F(ProcessorsTest, RelayStaysOnItsListener) {
  auto& plane =
      start(config_of({loopback_listener("a", "relay"), loopback_listener("b", "relay")}));
  auto sender = plane.connect(0);
  auto near = plane.connect(0);
  auto far = plane.connect(1);
  sender->send("here\n");
  EXPECT_EQ(near->read_line(), "here\n");
  (void)plane.broadcast("everywhere");
  EXPECT_EQ(far->read_line(), "everywhere\n");
}

// More replies than the queue and the kernel hold, asked for by a client that does not read.
void expect_every_reply(RunningDataplane& plane, std::uint64_t held_frames) {
  auto client = plane.connect();
  std::vector<std::uint64_t> sequences(scaled(3'000));
  for (std::size_t i = 0; i < sequences.size(); ++i) sequences[i] = i;
  const std::string requests = stamped_lines(sequences);
  std::jthread writer([&] {
    client->send(requests);
    client->finish();
  });
  plane.await_stats([&](const Stats& stats) { return stats.shards.queued_frames == held_frames; });
  EXPECT_EQ(client->read_to_end(), requests);
  plane.await_closed(CloseReason::kClientClosed);
  EXPECT_EQ(total(plane->stats().shards.dropped), 0U);
}

TEST_F(ProcessorsTest, PipelinedRequestsWaitForRoomInTheQueue) {
  Config config = config_that_stalls(4, "echo");
  config.listeners[0].send_buffer_bytes = 64U << 10U;
  expect_every_reply(start(config), 4);
}

TEST_F(ProcessorsTest, PipelinedRequestsWaitForTheUnsentTailWhereNothingQueues) {
  Config config = config_that_stalls(0, "echo");
  config.listeners[0].send_buffer_bytes = 64U << 10U;
  expect_every_reply(start(config), 1);
}

}  // namespace
}  // namespace crier::testing
