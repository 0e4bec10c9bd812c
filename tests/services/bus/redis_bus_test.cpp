#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "services/bus/redis/names.hpp"
#include "tests/services/bus/running_bus.hpp"
#include "tests/support/deadline.hpp"
#include "tests/support/redis_server.hpp"
#include "tests/support/resp_client.hpp"
#include "tests/support/scale.hpp"

namespace crier::services::bus::redis {
namespace {

using ::testing::ElementsAre;
using testing::RedisServer;
using testing::RespClient;

TEST(RedisBus, CarriesBothLanesToEveryNodeInOrder) {
  RedisServer redis;
  RunningBus one(options_for(1, redis.port()));
  RunningBus two(options_for(2, redis.port()));
  one.await_up();
  two.await_up();
  EXPECT_TRUE(one->one_path());
  for (int i = 0; i < 10; ++i) {
    one.publish(i % 2 == 0 ? Lane::kOrdered : Lane::kDirect, std::to_string(i));
  }
  const std::vector<std::string> expected{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
  EXPECT_EQ(one.await_messages(10), expected);
  EXPECT_EQ(two.await_messages(10), expected);
}

TEST(RedisBus, KeepsTheOrderOfManyMessages) {
  RedisServer redis({"--client-output-buffer-limit", "pubsub 0 0 0"});
  Options options = options_for(1, redis.port());
  options.max_backlog_bytes = 64U << 20U;
  RunningBus one(options);
  options.node = 2;
  RunningBus two(options);
  one.await_up();
  two.await_up();
  const std::size_t count = testing::scaled(100'000);
  for (std::size_t i = 0; i < count; ++i) one.publish(Lane::kOrdered, std::to_string(i));
  const std::vector<std::string> got = two.await_messages(count);
  for (std::size_t i = 0; i < count; ++i) ASSERT_EQ(got[i], std::to_string(i));
  EXPECT_EQ(got.size(), count);
}

TEST(RedisBus, BringsAMessageForOneNodeToThatNodeOnly) {
  RedisServer redis;
  RunningBus one(options_for(1, redis.port()));
  RunningBus two(options_for(0xF'FFFF'FFFF'FFFF, redis.port()));
  one.await_up();
  two.await_up();
  one.publish(Lane::kOrdered, "for two", 0xF'FFFF'FFFF'FFFF);
  one.publish(Lane::kDirect, "for one", 1);
  one.publish(Lane::kDirect, "for all");
  EXPECT_THAT(one.await_messages(2), ElementsAre("for one", "for all"));
  EXPECT_THAT(two.await_messages(2), ElementsAre("for two", "for all"));
}

TEST(RedisBus, ConfirmsWhatRedisHas) {
  RedisServer redis;
  RunningBus bus(options_for(1, redis.port()));
  bus.await_up();
  // A busy machine may take longer than the wait; it must come sooner or later.
  EXPECT_TRUE(testing::await([&] { return bus.ask(Lane::kOrdered, "x") == Outcome::kConfirmed; }));
  const Stats stats = bus->stats();
  EXPECT_TRUE(stats.up);
  EXPECT_GE(stats.published_bytes, 1U);
  EXPECT_EQ(stats.backlog_bytes_max, Options().max_backlog_bytes);
  EXPECT_GE(stats.echo.count(), 1U);
  EXPECT_TRUE(testing::await([&] { return bus->stats().backlog_bytes == 0; }));
}

TEST(RedisBus, CarriesAnyBytes) {
  RedisServer redis;
  RunningBus bus(options_for(1, redis.port()));
  bus.await_up();
  const std::string odd("\0\r\n$5\r\n*", 8);
  const std::string large(3U << 20U, '\r');
  bus.publish(Lane::kOrdered, "");
  bus.publish(Lane::kOrdered, odd);
  bus.publish(Lane::kOrdered, large);
  EXPECT_THAT(bus.await_messages(3), ElementsAre("", odd, large));
}

TEST(RedisBus, RefusesAMessageThatIsTooLarge) {
  RedisServer redis;
  Options options = options_for(1, redis.port());
  options.max_message_bytes = 1000;
  RunningBus bus(options);
  bus.await_up();
  EXPECT_EQ(bus.ask(Lane::kDirect, std::string(1001, 'x')), Outcome::kBacklogFull);
  EXPECT_NE(bus.ask(Lane::kDirect, std::string(1000, 'x')), Outcome::kBacklogFull);
  EXPECT_EQ(bus.await_messages(1).front().size(), 1000U);
}

TEST(RedisBus, IsDownBeforeItIsStartedAndAfterItIsStopped) {
  RedisServer redis;
  RunningBus bus(options_for(1, redis.port()), false);
  int told = 0;
  bus->publish(Lane::kDirect, kEveryone, "x", [&](Outcome outcome) {
    EXPECT_EQ(outcome, Outcome::kDown);
    ++told;
  });
  EXPECT_FALSE(bus->up());
  bus->stop();
  bus->stop();
  EXPECT_EQ(told, 1);
}

TEST(RedisBus, TellsWhatItWasGivenBeforeTheStart) {
  RedisServer redis;
  RunningBus bus(options_for(1, redis.port()), false);
  std::atomic<int> outcome{-1};
  bus->publish(Lane::kDirect, kEveryone, "x", [&](Outcome o) { outcome = static_cast<int>(o); });
  bus.start();
  EXPECT_TRUE(testing::await([&] { return outcome == static_cast<int>(Outcome::kDown); }));
}

TEST(RedisBus, HandsOverWhatWaitsAndTellsEveryPublisherWhenItStops) {
  RedisServer redis;
  RunningBus other(options_for(2, redis.port()));
  other.await_up();
  constexpr std::size_t kCount = 1000;
  std::atomic<std::size_t> told{0};
  {
    RunningBus bus(options_for(1, redis.port()));
    bus.await_up();
    for (std::size_t i = 0; i < kCount; ++i) {
      bus->publish(Lane::kOrdered, kEveryone, "x", [&](Outcome) { ++told; });
    }
    bus->stop();
    EXPECT_EQ(told, kCount);
    EXPECT_THAT(bus.states(), ElementsAre(true, false));
  }
  EXPECT_EQ(other.await_messages(kCount).size(), kCount);
}

TEST(RedisBus, BringsNothingMoreUntilItIsResumedAndLosesNothing) {
  RedisServer redis;
  RunningBus one(options_for(1, redis.port()));
  Options options = options_for(2, redis.port());
  options.probe_timeout = std::chrono::milliseconds(3000);
  RunningBus two(options);
  one.await_up();
  two.await_up();
  constexpr std::size_t kCount = 2000;
  two.pause_at_each(true);
  for (std::size_t i = 0; i < kCount; ++i) one.publish(Lane::kOrdered, std::to_string(i));
  one.await_messages(kCount);
  EXPECT_EQ(two.await_messages(1).size(), 1U);
  two.resume();
  EXPECT_EQ(two.await_messages(2).size(), 2U);
  // It serves publishers meanwhile, for longer than a probe may take.
  const testing::Deadline longer(std::chrono::milliseconds(3200));
  while (!longer.passed()) EXPECT_NE(two.ask(Lane::kDirect, "", 3), Outcome::kDown);
  EXPECT_EQ(two.messages().size(), 2U);
  two.pause_at_each(false);
  two.resume();
  const std::vector<std::string> got = two.await_messages(kCount);
  for (std::size_t i = 0; i < kCount; ++i) ASSERT_EQ(got[i], std::to_string(i));
  EXPECT_EQ(two->stats().pauses, 2U);
  EXPECT_EQ(two->stats().connects, 1U);
}

TEST(RedisBus, GivesWhatSomebodyPublishedByHandAsBytes) {
  RedisServer redis;
  RunningBus bus(options_for(1, redis.port()));
  bus.await_up();
  RespClient hand(redis.port());
  const std::string false_probe = std::string("\0crier probe ", 13) + std::string(32, '0');
  EXPECT_EQ(hand.ask({"PUBLISH", "crier:all", "garbage"}), "(1)");
  EXPECT_EQ(hand.ask({"PUBLISH", "crier:node:0000000000001", false_probe}), "(1)");
  EXPECT_EQ(hand.ask({"PUBLISH", "crier:node:0000000000001", ""}), "(1)");
  EXPECT_EQ(hand.ask({"PUBLISH", "crier:node:0000000000002", "for nobody"}), "(0)");
  EXPECT_THAT(bus.await_messages(2), ElementsAre("garbage", ""));
  EXPECT_THAT(bus.lanes(), ElementsAre(Lane::kDirect, Lane::kDirect));
  EXPECT_EQ(bus->stats().connects, 1U);
}

TEST(RedisBus, CarriesWhatManyThreadsPublishInTheOrderOfEach) {
  RedisServer redis;
  RunningBus bus(options_for(1, redis.port()));
  bus.await_up();
  constexpr int kThreads = 4;
  constexpr int kEach = 500;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        bus.publish(Lane::kOrdered, std::to_string(t) + " " + std::to_string(i));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::vector<int> next(kThreads, 0);
  for (const std::string& message : bus.await_messages(kThreads * kEach)) {
    const int thread = message[0] - '0';
    ASSERT_EQ(message.substr(2), std::to_string(next[thread]++));
  }
}

}  // namespace
}  // namespace crier::services::bus::redis
