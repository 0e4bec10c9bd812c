// Bytes that are no frames, or come in strange pieces.
#include <algorithm>
#include <vector>

#include "tests/faults/fault_test.hpp"

namespace crier::testing {
namespace {

using namespace dataplane;

class InputFaults : public EverySetup {
 protected:
  // Sends `bytes` in two parts that the server certainly reads apart.
  static void send_split(FaultScene& scene, TcpClient& client, std::string_view bytes,
                         std::size_t at) {
    const std::uint64_t before = scene.plane()->stats().shards.received_bytes;
    client.send(bytes.substr(0, at));
    scene.plane().await_stats(
        [&](const Stats& stats) { return stats.shards.received_bytes >= before + at; });
    client.send(bytes.substr(at));
  }
};

TEST_P(InputFaults, EverySplitOfAFrameGivesTheSame) {
  auto& scene = start();
  TcpClient client(scene.plane().address());
  const std::string frame = scene.setup().wire(std::string(scene.script().bytes, 's'));
  for (std::size_t at = 1; at < frame.size(); ++at) {
    send_split(scene, client, frame, at);
    ASSERT_EQ(client.read(frame.size()), frame) << "split at " << at;
    if (at % 20 == 0) scene.publish(0);
  }
}

TEST_P(InputFaults, FramesThatComeTogetherAreFramesEach) {
  auto& scene = start();
  FaultPlan plan;
  plan.to_server.slice_bytes = 1 + static_cast<std::uint32_t>(below(5));
  FaultProxy proxy(scene.plane().address(), plan);
  std::string stream;
  for (char each = 'a'; each <= 'z'; ++each) {
    stream += scene.setup().wire(std::string(scene.script().bytes, each));
  }
  for (const std::string& address : {scene.plane().address(), proxy.address()}) {
    TcpClient client(address);
    client.send(stream);
    EXPECT_EQ(client.read(stream.size()), stream);
  }
}

TEST_P(InputFaults, WhatNoClientMaySendClosesItsSenderAlone) {
  if (GetParam()->illegal.empty()) GTEST_SKIP() << "it may send anything";
  auto& scene = start();
  const std::string frame = scene.setup().wire(std::string(scene.script().bytes, 'g'));
  for (const IllegalInput& illegal : scene.setup().illegal) {
    // Alone; behind a frame; and in two reads, split anywhere.
    std::vector<std::size_t> splits{0};
    for (int i = 0; i < 6; ++i) splits.push_back(1 + below(illegal.bytes.size()));
    for (std::size_t at = 1; at < std::min<std::size_t>(illegal.bytes.size(), 8); ++at) {
      splits.push_back(at);
    }
    for (const std::size_t at : splits) {
      const std::uint64_t before = scene.closed(illegal.reason);
      TcpClient client(scene.plane().address());
      if (at == 0) {
        client.send(frame + illegal.bytes);
        EXPECT_EQ(client.read_to_any_end(), frame) << illegal.name << ": what came before counts";
      } else {
        send_split(scene, client, illegal.bytes, at);
        EXPECT_EQ(client.read_to_any_end(), "") << illegal.name << " split at " << at;
      }
      client.close();
      scene.plane().await_closed(illegal.reason, before + 1);
      scene.await_only_witnesses();
      EXPECT_EQ(scene.problem(), "");
    }
    scene.publish(2);
  }
}

TEST_P(InputFaults, AFrameOfNoBytesIsLegal) {
  if (GetParam()->payload_bytes > 0) GTEST_SKIP() << "there is none";
  auto& scene = start();
  TcpClient client(scene.plane().address());
  const std::string empty = scene.setup().wire("");
  client.send(empty + empty);
  EXPECT_EQ(client.read(2 * empty.size()), empty + empty);
}

TEST_P(InputFaults, FloodsOfRandomBytesEndOnlyThoseThatSendThem) {
  auto& scene = start();
  std::uint64_t connections = 0;
  std::vector<std::unique_ptr<TcpClient>> flooders(10);
  const std::size_t chunks = scaled(2'000);
  std::string chunk(4'096, '\0');
  for (std::size_t i = 0; i < chunks; ++i) {
    auto& client = flooders[below(flooders.size())];
    for (char& byte : chunk) byte = static_cast<char>(random_());
    try {
      if (!client) {
        client = std::make_unique<TcpClient>(scene.plane().address());
        ++connections;
      }
      (void)client->send_some(chunk);
      (void)client->read_available();
      if (client->at_end()) client.reset();
    } catch (const std::exception&) {
      client.reset();  // it was closed
    }
    if (i % 50 == 0) scene.publish(5);
    if (i % 50 == 0) {
      EXPECT_EQ(scene.problem(), "");
    }
  }
  flooders.clear();
  // Some may still be in the backlog, where nobody counts them.
  scene.plane().await_stats([=](const Stats& stats) { return closed(stats) >= connections; });
  scene.await_only_witnesses();
  EXPECT_EQ(closed(scene.plane()->stats()), connections);
  EXPECT_EQ(scene.closed(CloseReason::kInternalError), 0U);
}

CRIER_FOR_SETUPS_BY_HAND(InputFaults);

}  // namespace
}  // namespace crier::testing
