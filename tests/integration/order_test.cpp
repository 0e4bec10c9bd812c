// In which order clients see frames, and that they are whole.
#include <array>
#include <thread>

#include "tests/integration/dataplane_fixture.hpp"
#include "tests/integration/stall.hpp"
#include "tests/support/scale.hpp"

namespace crier::testing {
namespace {

using namespace dataplane;

using OrderTest = DataplaneTest;

TEST_F(OrderTest, AnswerBeforeTheNextRequestGivesTheirOrderAtEveryClient) {
  auto& plane = start(loopback_listener());
  const auto clients = plane.connect(0, 8);
  std::vector<ClientId> ids;
  for (const ClientInfo& client : plane.list_all()) ids.push_back(client.id);
  std::vector<std::uint64_t> sequences;
  for (std::uint64_t i = 0; i < 300; ++i) {
    Target target;
    if (i % 3 == 1) target.only = ids;
    EXPECT_EQ(plane.broadcast(stamped(i, 20), target).queued, clients.size());
    sequences.push_back(i);
  }
  const std::string expected = stamped_lines(sequences, 20);
  for (const auto& client : clients) EXPECT_EQ(client->read(expected.size()), expected);
}

TEST_F(OrderTest, ConcurrentPublishersGiveAllClientsOfAllShardsOneOrder) {
  constexpr std::size_t kPublishers = 4;
  constexpr std::size_t kFrames = 400;
  Config config = config_of({loopback_listener()});
  config.shards = 3;
  config.listeners[0].queue.max_frames = kPublishers * kFrames;
  auto& plane = start(config);
  const auto clients = plane.connect(0, 9);
  std::vector<std::jthread> publishers;
  for (std::size_t p = 0; p < kPublishers; ++p) {
    publishers.emplace_back([&plane, p] {
      for (std::size_t i = 0; i < kFrames; ++i) {
        Broadcast broadcast;
        broadcast.payload = stamped(p * kFrames + i, 20);
        EXPECT_EQ(plane->broadcast(broadcast, nullptr), Submit::kAccepted);
      }
    });
  }
  publishers.clear();
  const std::size_t bytes = kPublishers * kFrames * 21;
  const std::string first = clients[0]->read(bytes);
  for (const auto& client : clients) {
    const std::string got = client == clients[0] ? first : client->read(bytes);
    EXPECT_EQ(got, first);
  }
  std::array<std::size_t, kPublishers> next{};
  for (std::size_t at = 0; at < first.size(); at += 21) {
    const std::size_t sequence = std::stoul(first.substr(at, 10));
    ASSERT_EQ(sequence % kFrames, next[sequence / kFrames]++) << "of one publisher, out of order";
  }
}

TEST_F(OrderTest, BurstDropsNoFrameOfAClientThatReads) {
  Config config = config_of({loopback_listener()});
  config.listeners[0].queue.max_frames = 16;
  auto& plane = start(config);
  const auto clients = plane.connect(0, 4);
  constexpr std::uint64_t kFrames = 5'000;
  std::vector<std::uint64_t> sequences;
  Answer<BroadcastResult> last;
  for (std::uint64_t i = 0; i < kFrames; ++i) {
    Broadcast broadcast;
    broadcast.payload = stamped(i, 10);
    sequences.push_back(i);
    const BroadcastDone done = i + 1 == kFrames ? BroadcastDone(last.callback()) : nullptr;
    EXPECT_EQ(plane->broadcast(broadcast, done), Submit::kAccepted);
  }
  const std::string expected = stamped_lines(sequences, 10);
  for (const auto& client : clients) EXPECT_EQ(client->read(expected.size()), expected);
  (void)last.get();
  EXPECT_EQ(total(plane->stats().shards.dropped), 0U);
}

TEST_F(OrderTest, PartlySentFramesAreNeverTorn) {
  constexpr std::size_t kBytes = 40'000;  // more than the kernel takes at once
  Config config = config_that_stalls(3);
  config.listeners[0].queue.overflow = OverflowPolicy::kDropOldest;
  auto& plane = start(config);
  auto client = plane.connect(0, TcpClient::Options{128 << 10});
  Series series;
  std::string stream;
  for (std::uint64_t round = 1; round <= scaled(20); ++round) {
    while (series.evicted < round) series.broadcast_next(plane, {}, kBytes);
    stream += client->read(kBytes / 3);
  }
  stream += client->read((series.queued.size() - series.evicted) * (kBytes + 1) - stream.size());
  std::uint64_t next = 0;
  for (std::size_t at = 0; at < stream.size(); at += kBytes + 1) {
    const std::uint64_t sequence = std::stoull(stream.substr(at, 10));
    ASSERT_GE(sequence, next);
    ASSERT_EQ(stream.substr(at, kBytes + 1), stamped(sequence, kBytes) + "\n");
    next = sequence + 1;
  }
  EXPECT_EQ(next, series.queued.back() + 1) << "the newest is there";
}

}  // namespace
}  // namespace crier::testing
