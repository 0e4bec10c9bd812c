#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

#include "tests/services/bus/fake_redis.hpp"
#include "tests/services/bus/running_bus.hpp"
#include "tests/support/deadline.hpp"
#include "tests/support/redis_server.hpp"
#include "tests/support/resp_client.hpp"

namespace crier::services::bus::redis {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using testing::RedisServer;
using testing::RespClient;

TEST(RedisBusLoss, GoesOnToTheNextAddress) {
  RedisServer redis;
  Options options = options_for(1, testing::free_port());
  options.endpoints.push_back({.host = "no.such.host.invalid", .port = 1});
  options.endpoints.push_back({.host = "localhost", .port = redis.port()});
  RunningBus bus(options);
  bus.await_up();
  EXPECT_GE(bus.losses(Loss::kConnect), 2U);
}

TEST(RedisBusLoss, WaitsForARedisThatComesLater) {
  RedisServer redis(RedisServer::Options{
      .arguments = {}, .sentinel = false, .configuration = {}, .tls = false, .started = false});
  RunningBus bus(options_for(1, redis.port()));
  bus.await_loss(Loss::kConnect, 3);
  EXPECT_EQ(bus.ask(Lane::kOrdered, "x"), Outcome::kDown);
  redis.start();
  bus.await_up();
  EXPECT_THAT(bus.states(), ElementsAre(true));
}

TEST(RedisBusLoss, ComesBackAfterRedisWasKilled) {
  RedisServer redis;
  RunningBus bus(options_for(1, redis.port()));
  bus.await_up();
  redis.kill();
  bus.await_down();
  EXPECT_EQ(bus.ask(Lane::kOrdered, "lost"), Outcome::kDown);
  redis.start();
  bus.await_connects(2);
  bus.publish(Lane::kOrdered, "later");
  EXPECT_THAT(bus.await_messages(1), ElementsAre("later"));
  EXPECT_THAT(bus.states(), ElementsAre(true, false, true));
  EXPECT_EQ(bus.losses(Loss::kClosed), 1U);
}

TEST(RedisBusLoss, DropsARedisThatHoldsItsConnectionsAndDoesNothing) {
  RedisServer redis;
  Options options = options_for(1, redis.port());
  options.probe_timeout = milliseconds(500);
  options.connect_timeout = milliseconds(500);
  RunningBus bus(options);
  bus.await_up();
  redis.freeze();
  EXPECT_NE(bus.ask(Lane::kOrdered, "x"), Outcome::kConfirmed);
  bus.await_loss(Loss::kNoEcho);
  bus.await_down();
  bus.await_loss(Loss::kConnect);
  redis.thaw();
  bus.await_connects(2);
}

TEST(RedisBusLoss, TellsUnconfirmedWhileTheSocketIsFull) {
  RedisServer redis;
  Options options = options_for(1, redis.port());
  options.max_backlog_bytes = 64U << 20U;
  RunningBus bus(options);
  bus.await_up();
  redis.freeze();
  // More than the kernel takes; all are told although nothing moves.
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(bus.ask(Lane::kOrdered, std::string(2U << 20U, 'x')), Outcome::kUnconfirmed);
  }
  EXPECT_GT(bus->stats().backlog_bytes, 40U << 20U);
  for (int i = 0; i < 11; ++i) bus.publish(Lane::kOrdered, std::string(2U << 20U, 'x'));
  EXPECT_EQ(bus.ask(Lane::kOrdered, std::string(2U << 20U, 'x')), Outcome::kBacklogFull);
  redis.thaw();
  EXPECT_TRUE(testing::await([&] { return bus->stats().backlog_bytes == 0; }));
}

TEST(RedisBusLoss, StopsWithinItsBoundWhileRedisDoesNothing) {
  RedisServer redis;
  RunningBus bus(options_for(1, redis.port()));
  bus.await_up();
  redis.freeze();
  std::atomic<int> told{0};
  const auto count = [&](Outcome) { ++told; };
  for (int i = 0; i < 3; ++i) bus->publish(Lane::kOrdered, kEveryone, "x", count);
  bus->stop();
  EXPECT_EQ(told, 3);
}

TEST(RedisBusLoss, ComesBackWhenItsSubscriptionIsCut) {
  RedisServer redis;
  RunningBus bus(options_for(1, redis.port()));
  bus.await_up();
  RespClient hand(redis.port());
  EXPECT_EQ(hand.ask({"CLIENT", "KILL", "TYPE", "pubsub"}), "(1)");
  bus.await_connects(2);
  bus.publish(Lane::kOrdered, "later");
  EXPECT_THAT(bus.await_messages(1), ElementsAre("later"));
}

TEST(RedisBusLoss, ComesBackWhenRedisCutsItForBeingSlow) {
  RedisServer redis({"--client-output-buffer-limit", "pubsub 65536 0 0"});
  Options options = options_for(2, redis.port());
  RunningBus bus(options);
  RunningBus other(options_for(1, redis.port()));
  bus.await_up();
  other.await_up();
  bus.pause_at_each(true);
  const std::string large(60'000, 'x');
  // Nobody reads, so sooner or later the kernel is full and Redis has had enough.
  const testing::Deadline deadline;
  RespClient hand(redis.port());
  while (hand.ask({"PUBLISH", "crier:node:0000000000002", large}) == "(1)") {
    ASSERT_FALSE(deadline.passed());
  }
  bus.pause_at_each(false);
  bus.resume();
  bus.await_connects(2);
  other.publish(Lane::kOrdered, "later");
  bus.await_message("later");
}

// The known failure: what is published is answered, but arrives nowhere.
TEST(RedisBusLoss, IsNeverUpWhereNothingComesBack) {
  FakeRedis redis(&FakeRedis::polite);
  Options options = options_for(1, redis.port());
  options.probe_timeout = milliseconds(50);
  RunningBus bus(options);
  bus.await_loss(Loss::kNoEcho, 2);
  EXPECT_EQ(bus->stats().connects, 0U);
  EXPECT_EQ(bus.ask(Lane::kOrdered, "x"), Outcome::kDown);
  EXPECT_TRUE(bus.states().empty());
}

TEST(RedisBusLoss, IsALossToBeTooSlowToConnectTo) {
  FakeRedis redis([](const FakeRedis::Words&) { return std::string(); });
  Options options = options_for(1, redis.port());
  options.connect_timeout = milliseconds(50);
  RunningBus bus(options);
  bus.await_loss(Loss::kConnect, 2);
  bus.await_log("it took longer than 50 ms");
}

TEST(RedisBusLoss, DropsARedisThatIsNoLongerTheMaster) {
  RedisServer master;
  RedisServer redis;
  RunningBus bus(options_for(1, redis.port(), Mode::kStream));
  bus.await_up();
  RespClient hand(redis.port());
  EXPECT_EQ(hand.ask({"REPLICAOF", "127.0.0.1", std::to_string(master.port())}), "OK");
  // The stream is the master's now, and cannot be written here.
  EXPECT_EQ(bus.ask(Lane::kOrdered, "kept"), Outcome::kUnconfirmed);
  bus.await_down();
  EXPECT_EQ(hand.ask({"REPLICAOF", "NO", "ONE"}), "OK");
  bus.await_connects(2);
  bus.await_message("kept");
}

TEST(RedisBusLoss, TellsEveryPublisherOnceWhateverHappens) {
  RedisServer redis;
  for (const Mode mode : {Mode::kPubSub, Mode::kStream}) {
    RunningBus bus(options_for(1, redis.port(), mode));
    bus.await_up();
    RespClient hand(redis.port());
    std::atomic<std::uint64_t> told{0};
    constexpr std::uint64_t kThreads = 3;
    constexpr std::uint64_t kEach = 2000;
    std::vector<std::thread> threads;
    for (std::uint64_t t = 0; t < kThreads; ++t) {
      threads.emplace_back([&] {
        for (std::uint64_t i = 0; i < kEach; ++i) {
          const Lane lane = i % 2 == 0 ? Lane::kOrdered : Lane::kDirect;
          bus->publish(lane, kEveryone, std::string(i, 'x'), [&](Outcome) { ++told; });
        }
      });
    }
    for (std::uint64_t cuts = 1; cuts <= 3; ++cuts) {
      hand.ask({"CLIENT", "KILL", "TYPE", cuts % 2 == 0 ? "pubsub" : "normal"});
      bus.await_connects(cuts + 1);
    }
    for (std::thread& thread : threads) thread.join();
    bus->stop();
    EXPECT_EQ(told, kThreads * kEach);
    const Stats stats = bus->stats();
    EXPECT_EQ(std::accumulate(stats.published.begin(), stats.published.end(), std::uint64_t{0}),
              kThreads * kEach);
    EXPECT_EQ(stats.backlog_bytes, 0U);
  }
}

}  // namespace
}  // namespace crier::services::bus::redis
