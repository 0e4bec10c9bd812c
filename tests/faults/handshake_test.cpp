// Clients that break, end or talk nonsense in the middle of what a listener asks of them first.
#include <sys/socket.h>

#include <vector>

#include "tests/faults/fault_test.hpp"

namespace crier::testing {
namespace {

using namespace dataplane;
using End = DirectionPlan::End;

class HandshakeFaults : public EverySetup {
 protected:
  // Everybody but the witnesses has gone, and was counted once.
  static void expect_ended(FaultScene& scene, std::uint64_t count) {
    scene.plane().await_stats([=](const Stats& stats) {
      return ended(stats) >= count && stats.listeners[0].handshaking == 0;
    });
    scene.await_only_witnesses();
    EXPECT_EQ(ended(scene.plane()->stats()), count);
    EXPECT_EQ(scene.closed(CloseReason::kInternalError), 0U);
    EXPECT_EQ(scene.problem(), "");
  }
  [[nodiscard]] std::string random_bytes(std::size_t count) {
    std::string bytes(count, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random_());
    return bytes;
  }
  // Goes through all of it and asks something, as far as the network lets it.
  static void try_to_talk(FaultScene& scene, const std::string& address) {
    const std::string question(scene.script().bytes, 'q');
    try {
      const auto client = scene.setup().begin_to_connect(address, 0);
      client->send(question);
      EXPECT_TRUE(await([&] { return !client->arrived().empty(); }))
          << "neither answered nor ended";
    } catch (const std::exception&) {
      // So it was planned.
    }
  }
};

TEST_P(HandshakeFaults, ResetsAndEndsInItAreEachCountedOnce) {
  auto& scene = start();
  const std::size_t count = scaled(1'000);
  const std::string opening = scene.setup().opening();
  for (std::size_t i = 0; i < count; ++i) {
    TcpClient client(scene.plane().address());
    // Nothing, a part of it, or all.
    (void)client.send_some(opening.substr(0, below(opening.size() + 1)));
    switch (below(3)) {
      case 0:
        client.reset();
        break;
      case 1:
        client.finish();
        (void)client.read_to_any_end();
        break;
      default:
        client.close();
    }
    if (i % 10 == 0) scene.publish(1);
  }
  expect_ended(scene, count);
}

TEST_P(HandshakeFaults, ItMayBreakAnywhereInEitherDirection) {
  auto& scene = start();
  std::uint64_t count = 0;
  // Certificates make a server's part of TLS the longest of all, less than this.
  constexpr std::uint64_t kBytesMax = 2'000;
  const std::uint64_t step = scene.setup().needs_answers ? kBytesMax / scaled(40) : 1;
  const std::uint64_t most =
      scene.setup().needs_answers ? kBytesMax : scene.setup().opening().size();
  for (const auto direction : {&FaultPlan::to_server, &FaultPlan::to_client}) {
    for (const End end : {End::kHalfClose, End::kReset, End::kResetSource, End::kResetTarget}) {
      for (std::uint64_t at = below(step); at <= most; at += step) {
        FaultPlan plan;
        (plan.*direction).end = end;
        (plan.*direction).end_at = at;
        FaultProxy proxy(scene.plane().address(), plan);
        try_to_talk(scene, proxy.address());
        ++count;
      }
    }
    scene.publish(1);
  }
  expect_ended(scene, count);
}

TEST_P(HandshakeFaults, AWrongByteInItHarmsItsConnectionAlone) {
  auto& scene = start();
  const std::size_t count = scaled(200);
  const std::uint64_t opening = scene.setup().opening().size();
  // What a client of TLS says in answer to the server's part.
  const std::uint64_t most = opening + (scene.setup().needs_answers ? 60 : 0);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t at = below(most);
    FaultPlan plan;
    plan.to_server.corrupt_at = at;
    plan.to_server.flip = static_cast<std::uint8_t>(1 + below(255));
    // A changed length may promise bytes that never come: so there is an end behind it.
    plan.to_server.end = End::kHalfClose;
    const bool awaits_answer = scene.setup().needs_answers && at < opening;
    plan.to_server.end_at = awaits_answer ? opening : most + scene.script().bytes;
    FaultProxy proxy(scene.plane().address(), plan);
    try_to_talk(scene, proxy.address());
    if (i % 10 == 0) scene.publish(1);
  }
  expect_ended(scene, count);
}

TEST_P(HandshakeFaults, NonsenseInsteadOfItTurnsItsSenderAway) {
  auto& scene = start();
  const std::size_t count = scaled(500);
  const std::string opening = scene.setup().opening();
  for (std::size_t i = 0; i < count; ++i) {
    try {
      TcpClient client(scene.plane().address());
      // From the first byte on, or behind a part of something right.
      const std::size_t right = below(2) * below(opening.size());
      client.send(opening.substr(0, right) + random_bytes(1 + below(6'000)));
      client.finish();
      const std::string got = client.read_to_any_end();
      if (right == 0) {
        EXPECT_LT(got.size(), 16U) << "an alert of TLS at the most";
      }
    } catch (const std::system_error&) {
      // It was closed before all was sent.
    }
    if (i % 10 == 0) scene.publish(1);
  }
  expect_ended(scene, count);
}

// Beneath whatever it has agreed upon.
TEST_P(HandshakeFaults, NonsenseBehindItEndsItsSenderAlone) {
  auto& scene = start();
  const std::size_t count = scaled(100);
  for (std::size_t i = 0; i < count; ++i) {
    const auto client = scene.setup().connect(scene.plane().address(), 0);
    const std::string bytes = random_bytes(1 + below(6'000));
    (void)::send(client->fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    ::shutdown(client->fd(), SHUT_WR);
    if (i % 10 == 0) scene.publish(1);
  }
  expect_ended(scene, count);
}

CRIER_FOR_GUARDED_SETUPS(HandshakeFaults);

}  // namespace
}  // namespace crier::testing
